import { describe, expect, it } from 'vitest';
import { CtcpAnswers } from '../../../bridges/irc/ctcp.ts';
import { type Line, parseLine } from '../../../bridges/irc/wire/line.ts';
import { fakeClock } from '../../../src/testing/index.ts';

const line = (raw: string) => parseLine(`:bob!b@h ${raw}`) as Line;

describe('CtcpAnswers', () => {
  it('says what it is, and answers a ping with its own words', () => {
    const answers = new CtcpAnswers(fakeClock());
    expect(answers.answer(line('PRIVMSG me :\x01VERSION\x01'))).toBe(
      'NOTICE bob :\x01VERSION Drawbridge, a bridge to Matrix\x01',
    );
    expect(answers.answer(line('PRIVMSG me :\x01PING 12 34\x01'))).toBe(
      'NOTICE bob :\x01PING 12 34\x01',
    );
  });

  it('answers no answer, no other question and no words', () => {
    const answers = new CtcpAnswers(fakeClock());
    for (const raw of [
      'NOTICE me :\x01VERSION x\x01',
      'PRIVMSG me :\x01DCC SEND x 1 2\x01',
      'PRIVMSG me :hi',
      `PRIVMSG me :\x01PING ${'x'.repeat(40)}\x01`,
    ])
      expect(answers.answer(line(raw))).toBeUndefined();
  });

  it('excuses itself to those who talk to it', () => {
    const answers = new CtcpAnswers(fakeClock());
    expect(answers.excuse(line('PRIVMSG me :hi'))).toMatch(/^NOTICE bob :/);
    expect(answers.excuse(line('NOTICE me :hi'))).toBeUndefined();
    expect(answers.excuse(parseLine(':irc.test PRIVMSG me :hi') as Line)).toBeUndefined();
  });

  it('does not let itself be made to flood', async () => {
    const clock = fakeClock();
    const answers = new CtcpAnswers(clock);
    const ask = () => answers.answer(line('PRIVMSG me :\x01VERSION\x01'));
    expect([ask(), ask(), ask(), ask(), ask()].filter(Boolean)).toHaveLength(3);
    await clock.advance(10_000);
    expect(ask()).toBeDefined();
  });
});
