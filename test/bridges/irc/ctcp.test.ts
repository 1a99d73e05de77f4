import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { CtcpAnswers } from '../../../bridges/irc/ctcp.ts';
import { type Line, parseLine } from '../../../bridges/irc/wire/line.ts';

/** Said each time: files that run in one process inherit what another one asked for last. */
const FAKED: ('setTimeout' | 'clearTimeout' | 'Date' | 'performance')[] = [
  'setTimeout',
  'clearTimeout',
  'Date',
  'performance',
];

const line = (raw: string) => parseLine(`:bob!b@h ${raw}`) as Line;

beforeEach(() => void vi.useFakeTimers({ toFake: FAKED }));
afterEach(() => void vi.useRealTimers());

describe('CtcpAnswers', () => {
  it('says what it is, and answers a ping with its own words', () => {
    const answers = new CtcpAnswers();
    expect(answers.answer(line('PRIVMSG me :\x01VERSION\x01'))).toBe(
      'NOTICE bob :\x01VERSION Drawbridge, a bridge to Matrix\x01',
    );
    expect(answers.answer(line('PRIVMSG me :\x01PING 12 34\x01'))).toBe(
      'NOTICE bob :\x01PING 12 34\x01',
    );
  });

  it('answers no answer, no other question and no words', () => {
    const answers = new CtcpAnswers();
    for (const raw of [
      'NOTICE me :\x01VERSION x\x01',
      'PRIVMSG me :\x01DCC SEND x 1 2\x01',
      'PRIVMSG me :hi',
      `PRIVMSG me :\x01PING ${'x'.repeat(40)}\x01`,
    ])
      expect(answers.answer(line(raw))).toBeUndefined();
  });

  it('excuses itself to those who talk to it', () => {
    const answers = new CtcpAnswers();
    expect(answers.excuse(line('PRIVMSG me :hi'))).toMatch(/^NOTICE bob :/);
    expect(answers.excuse(line('NOTICE me :hi'))).toBeUndefined();
    expect(answers.excuse(parseLine(':irc.test PRIVMSG me :hi') as Line)).toBeUndefined();
  });

  it('does not let itself be made to flood', () => {
    const answers = new CtcpAnswers();
    const ask = () => answers.answer(line('PRIVMSG me :\x01VERSION\x01'));
    expect([ask(), ask(), ask(), ask(), ask()].filter(Boolean)).toHaveLength(3);
    vi.advanceTimersByTime(10_000);
    expect(ask()).toBeDefined();
  });
});
