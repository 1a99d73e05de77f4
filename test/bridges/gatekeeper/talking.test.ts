import { describe, expect, it } from 'vitest';
import { useGatekeeper } from '../../gatekeeper/support/gatekeeper.ts';
import { act, approved, openOn, say } from './bench.ts';

const server = useGatekeeper();
let count = 0;

/** Two bridges of two providers, each with one person, and the chat that the first has begun. */
async function pair(suite: string) {
  const n = count++;
  const [here, there] = await Promise.all(
    ['here', 'there'].map(async (side) => {
      const options = await approved(server, `${side}${n}.example`);
      return openOn({ ...options, suites: [suite] });
    }),
  );
  if (!here || !there) throw new Error('nobody');
  const ann = await here.enlist('ann');
  const bob = await there.enlist('bob');
  const chat = await ann.session.direct?.(bob.self, here.signal);
  if (chat === undefined) throw new Error('no chat');
  return { here, there, ann, bob, chat };
}

describe.each(['e2b/1', 'mls10/1'])('a chat over %s', (suite) => {
  it('carries what is said both ways, in its order', async () => {
    const { here, there, ann, bob, chat } = await pair(suite);

    for (const text of ['one', 'two', 'three']) await say(here, ann.session, chat, text);
    await there.heard('one', 'two', 'three');
    await say(there, bob.session, chat, 'four');
    await say(here, ann.session, chat, 'five');

    await here.heard('four');
    await there.heard('one', 'two', 'three', 'five');
  });

  it('is said to be read by whom it is read, where it begins to be bridged', async () => {
    const { here, chat } = await pair(suite);
    const view = { chat, receiver: here.voice('ann', 'enlisted', 'ann').id };

    await here.network.watch?.(view, undefined, here.signal);

    const level = suite === 'e2b/1' ? 'transport_only' : 'end_to_bridge';
    expect(here.emitted).toMatchObject([{ kind: 'security', ...view, level }]);
  });

  it('carries answers, edits, reactions and what is taken back', async () => {
    const { here, there, ann, bob, chat } = await pair(suite);
    const { ids } = await say(here, ann.session, chat, 'first');
    const [target] = ids;
    if (!target) throw new Error('no id');
    await there.heard('first');

    await act<'message'>(there, bob.session, {
      ...{ kind: 'message', key: 'answer', chat, body: { text: 'answer' }, replyTo: target },
    });
    await act<'edit'>(here, ann.session, {
      ...{ kind: 'edit', key: 'edit', chat, target: [target], body: { text: 'First' } },
    });
    const reaction = { kind: 'reaction', chat, target, emoji: '🐙' } as const;
    const reacted = await act<'reaction'>(there, bob.session, {
      ...{ ...reaction, key: 'react', removed: false },
    });
    const [id] = reacted.ids;
    await act<'reaction'>(there, bob.session, {
      ...{ ...reaction, key: 'unreact', removed: true, ...(id && { id }) },
    });
    await act<'removal'>(here, ann.session, {
      kind: 'removal',
      key: 'gone',
      chat,
      target: [target],
    });

    await here.heard('answer', 'reaction: 🐙', 'removal');
    await there.heard('first', 'edit: First', 'removal');
    expect(here.emitted).toMatchObject([{ replyTo: target }, { target, id }, { target: id }]);
    expect(there.emitted).toMatchObject([{ id: target }, { target }, { target }]);
  });
});
