import type { Write } from '../../ports/journal.ts';
import { namedInMatrix } from '../mentions.ts';
import { partsOf, withFile } from './files.ts';
import { linkTo, linkWrite, type RemoteHandler, sayAs } from './work.ts';

/**
 * Somebody said something. What is linked already came back, or came twice.
 *
 * What it answers may not be linked yet, or wait itself. Words do not wait for that: others' would pass them.
 */
export const message: RemoteHandler<'message'> = async (event, work) => {
  if (await linkTo(work, event.id)) return [];
  const answered = event.replyTo && (await linkTo(work, event.replyTo));
  const writes: Write[] = [];
  for (const [part, body] of partsOf(event.body).entries()) {
    const content = async () => ({
      ...{ kind: 'message' as const, ...(await withFile(work, event.sender, body)) },
      ...(await namedInMatrix(work, body)),
      ...(answered && part === 0 && { replyTo: answered.eventId }),
    });
    const said = await sayAs(work, event.sender, content, part);
    writes.push(linkWrite(work, event.id, said, part));
  }
  return writes;
};
