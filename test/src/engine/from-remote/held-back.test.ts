import { describe, expect, it } from 'vitest';
import { HeldBack } from '../../../../src/engine/from-remote/held-back.ts';
import { remoteChatId, remoteMessageId, remoteUserId } from '../../../../src/model/remote-ids.ts';

describe('HeldBack', () => {
  const common = { chat: remoteChatId('c'), sentAtMs: 1, sender: remoteUserId('dave') };
  const target = remoteMessageId('asked');
  const id = remoteMessageId('new');
  const reaction = { kind: 'reaction', ...common, target, key: '+' } as never;
  const edit = { kind: 'edit', ...common, target, body: { text: 'x' } } as never;
  const words = { kind: 'message', ...common, id, body: { text: 'x' } } as never;
  const reply = { kind: 'message', ...common, id, body: { text: 'x' }, replyTo: target } as never;

  function waitingFor(together: 'person' | 'target'): HeldBack {
    const held = new HeldBack();
    held.beginTurn(0);
    held.wait(reaction, 100, together);
    return held;
  }

  it('holds what else is about a message that is not there yet, and no words', () => {
    const held = waitingFor('target');
    expect([edit, words, reply].map((event) => held.holds(event))).toEqual([true, false, false]);
    expect([held.count, held.untilMs]).toEqual([2, 100]);
  });

  it('looks at it anew in each turn', () => {
    const held = waitingFor('target');
    held.beginTurn(1);
    expect([held.holds(edit), held.count]).toEqual([false, 0]);
  });

  it('holds all of somebody who has to wait, until then', () => {
    const held = waitingFor('person');
    held.beginTurn(99);
    expect(held.holds(words)).toBe(true);
    held.beginTurn(100);
    expect(held.holds(words)).toBe(false);
  });
});
