import { speak } from '../speak.ts';
import { securityText } from '../tell.ts';
import { markerOf, type RemoteHandler } from './work.ts';

/** Whoever reads the room is told who else does. */
export const security: RemoteHandler<'security'> = async ({ level }, work) => {
  const { context, portal, delivery } = work;
  const { displayName = portal.network } =
    context.networks.find(({ id }) => id === portal.network) ?? {};
  await speak(context, {
    roomId: portal.roomId,
    marker: markerOf(work, 0),
    maybeSaidSinceMs: delivery.receivedAtMs,
    content: { kind: 'notice', text: securityText(level, displayName) },
  });
  return [];
};
