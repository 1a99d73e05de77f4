import { speak } from '../speak.ts';
import { markerOf, type RemoteHandler } from './work.ts';

/** Something was said that nobody can have any more: whoever reads the room is told. */
export const hole: RemoteHandler<'hole'> = async (event, work) => {
  const { context, portal, delivery } = work;
  const time = (ms: number) => new Date(ms).toISOString().replace(/\.\d+Z$/, 'Z');
  await speak(context, {
    roomId: portal.roomId,
    marker: markerOf(work, 0),
    maybeSaidSinceMs: delivery.receivedAtMs,
    content: {
      kind: 'notice',
      text: `What was said in ${portal.chat} between ${time(event.sinceMs)} and ${time(event.sentAtMs)} could not be bridged.`,
    },
  });
  return [];
};
