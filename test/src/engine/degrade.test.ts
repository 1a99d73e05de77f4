import { describe, expect, it } from 'vitest';
import type { Mention } from '../../../src/adapter/index.ts';
import { asCorrection, named, withTime } from '../../../src/engine/degrade.ts';

const at = Date.parse('2026-11-20T12:34:56Z');

describe('withTime', () => {
  it('puts the time before the words', () => {
    const body = { text: 'hello', html: '<b>hello</b>', as: 'emote' } as const;
    expect(withTime(body, at, at + 3_600_000)).toEqual({
      text: '[12:34 UTC] hello',
      html: '[12:34 UTC] <b>hello</b>',
      as: 'emote',
    });
  });

  it('names the day where it is another one', () => {
    const body = { text: 'hello' };
    expect(withTime(body, at, at + 24 * 3_600_000)).toEqual({
      text: '[2026-11-20 12:34 UTC] hello',
    });
  });

  it.each([at + 1, Number.MAX_SAFE_INTEGER])('does not believe a clock that is ahead: %d', (ms) => {
    expect(withTime({ text: 'x' }, ms, at)).toEqual({ text: '[12:34 UTC] x' });
  });
});

describe('what is put before a text', () => {
  const mentions: readonly Mention[] = [{ start: 3, end: 6, user: 'bob' as never }];
  const body = { text: 'hi bob', mentions };

  it.each([
    asCorrection(body),
    named('Ann', body),
    named('Ann', { ...body, as: 'emote' }),
    withTime(body, at, at),
  ])('moves on who is named in it', ({ text, mentions: [moved] = [] }) => {
    expect(text.slice(moved?.start, moved?.end)).toBe('bob');
  });
});
