import { namedInMatrix } from '../mentions.ts';
import { linkTo, linkWrite, type RemoteHandler, sayAs } from './work.ts';

/**
 * Somebody said something. What is linked already came back, or came twice.
 *
 * What it answers may not be linked yet, or wait itself. Words do not wait for that: others' would pass them.
 */
export const message: RemoteHandler<'message'> = async (event, work) => {
  if (await linkTo(work, event.id)) return [];
  const answered = event.replyTo && (await linkTo(work, event.replyTo));
  const said = await sayAs(work, event.sender, {
    kind: 'message',
    body: event.body,
    ...(await namedInMatrix(work, event.body)),
    ...(answered && { replyTo: answered.eventId }),
  });
  return [linkWrite(work, event.id, said)];
};
