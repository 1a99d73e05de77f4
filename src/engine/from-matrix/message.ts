import { namingRemote } from '../mentions.ts';
import { knownIds } from '../unnamed.ts';
import type { MatrixHandler } from './deed.ts';

/** Words. What they answer is named where it is known over there. */
export const message: MatrixHandler<'message'> = async (event, work) => {
  const { context, portal, speaker } = work;
  const answered = event.replyTo
    ? await context.storage.links.ofEvent(portal.id, event.replyTo)
    : [];
  const last = knownIds(answered).at(-1);
  return {
    kind: 'act',
    action: {
      kind: 'message',
      chat: portal.chat,
      speaker,
      body: await namingRemote(work, event.body, event.mentions),
      ...(last !== undefined && { replyTo: last }),
    },
  };
};
