import { describe, expect, it } from 'vitest';
import { Typing } from '../../../../src/testing/dev-homeserver/typing.ts';
import { fakeClock } from '../../../../src/testing/index.ts';

describe('Typing', () => {
  it('lasts for the time that somebody said last, and tells of a change only', async () => {
    const clock = fakeClock(1_000);
    const changes: (readonly string[])[] = [];
    const typing = new Typing((room) => changes.push(typing.in(room)), clock);
    typing.set('!tea', 'alice', 500);
    await clock.advance(400);
    typing.set('!tea', 'alice', 500);
    typing.set('!tea', 'bob', 5_000);
    await clock.advance(499);
    expect(changes).toEqual([['alice'], ['alice', 'bob']]);
    await clock.advance(1);
    expect(changes.slice(2)).toEqual([['bob']]);
    typing.set('!tea', 'bob', 0);
    typing.set('!tea', 'bob', 0);
    expect(changes.slice(3)).toEqual([[]]);
    expect([typing.changedAfter('!tea', 1_003), typing.changedAfter('!tea', 1_004)]).toEqual([
      true,
      false,
    ]);
    expect(clock.waiting).toBe(0);
  });
});
