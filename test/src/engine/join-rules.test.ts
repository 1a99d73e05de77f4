import { describe, expect, it } from 'vitest';
import { JoinRules } from '../../../src/engine/join-rules.ts';
import type { JoinOptions, NetworkOptions } from '../../../src/engine/options.ts';
import type { Portal } from '../../../src/model/portal.ts';

const portal = (chat: string, id = 1) => ({ id, network: 'net', chat }) as unknown as Portal;
const rules = (joins: JoinOptions, chats: Readonly<Record<string, JoinOptions>> = {}) =>
  new JoinRules([{ id: 'net', joins, chats } as unknown as NetworkOptions]);

describe('JoinRules', () => {
  it.each([
    ['all', true, true],
    ['initial', true, false],
    ['changes', false, true],
    ['speaking', false, false],
  ] as const)('let ghosts come before they speak: %s', (ghostsJoin, atFirst, later) => {
    const made = rules({ ghostsJoin });
    expect(made.comeAll(portal('a'))).toBe(atFirst);
    expect(made.comes(portal('a'))).toBe(later);
  });

  it('let nobody come who does not speak where too many are', () => {
    const made = rules({ ghostsJoinMost: 2 });
    expect(made.comes(portal('a'))).toBe(false);
    made.noted(portal('a'), 2);
    expect([made.comes(portal('a')), made.comeAll(portal('a'))]).toEqual([true, true]);
    made.noted(portal('a'), 3);
    expect([made.comes(portal('a')), made.comeAll(portal('a'))]).toEqual([false, false]);
    expect(made.comes(portal('b', 2))).toBe(false);
  });

  it('can be others from now on', () => {
    const made = rules({ voicesJoin: 'speaking' });
    made.configure([{ id: 'net', chats: { b: { voicesJoin: 'speaking' } } } as never]);
    expect([made.enters(portal('a')), made.enters(portal('b'))]).toEqual([true, false]);
  });

  it('are otherwise in single chats, however large their letters are written', () => {
    const made = rules({ voicesJoin: 'speaking' }, { B: { voicesJoin: 'entering' } });
    expect(made.enters(portal('a'))).toBe(false);
    expect(made.enters(portal('b'))).toBe(true);
    expect(made.comes(portal('b'))).toBe(true);
  });
});
