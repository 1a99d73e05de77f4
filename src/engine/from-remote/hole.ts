import { speak } from '../speak.ts';
import { holeText } from '../tell.ts';
import { markerOf, type RemoteHandler } from './work.ts';

/** Something was said that nobody can have any more: whoever reads the room is told. */
export const hole: RemoteHandler<'hole'> = async (event, work) => {
  const { context, portal, delivery } = work;
  await speak(context, {
    roomId: portal.roomId,
    marker: markerOf(work, 0),
    maybeSaidSinceMs: delivery.receivedAtMs,
    content: { kind: 'notice', text: holeText(portal.chat, event.sinceMs, event.sentAtMs) },
  });
  return [];
};
