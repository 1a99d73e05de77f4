import { describe, expect, it } from 'vitest';
import { CtcpAnswers } from '../../../bridges/irc/ctcp.ts';
import { type Line, parseLine } from '../../../bridges/irc/wire/line.ts';
import { fakeClock } from '../../../src/testing/index.ts';

const line = (raw: string) => parseLine(`:bob!b@h ${raw}`) as Line;

const answersAt = (clock = fakeClock()) => new CtcpAnswers(clock, 'A bridge');

describe('CtcpAnswers', () => {
  it('says what it is, and answers a ping with its own words', () => {
    const answers = answersAt();
    expect(answers.answer(line('PRIVMSG me :\x01VERSION\x01'))).toBe(
      'NOTICE bob :\x01VERSION A bridge\x01',
    );
    expect(answers.answer(line('PRIVMSG me :\x01PING 12 34\x01'))).toBe(
      'NOTICE bob :\x01PING 12 34\x01',
    );
  });

  it('tells the time, and says that it takes no files', () => {
    const answers = answersAt(fakeClock(Date.UTC(2026, 10, 27, 12)));
    expect(answers.answer(line('PRIVMSG me :\x01time\x01'))).toBe(
      'NOTICE bob :\x01TIME Fri, 27 Nov 2026 12:00:00 GMT\x01',
    );
    expect(answers.answer(line('PRIVMSG me :\x01DCC SEND x 1 2\x01'))).toBe(
      'NOTICE bob :I am on a bridge, which cannot take files or chats by DCC.',
    );
  });

  it('answers no answer, no other question and no words', () => {
    const answers = answersAt();
    for (const raw of [
      'NOTICE me :\x01VERSION x\x01',
      'NOTICE me :\x01DCC REJECT SEND x\x01',
      'PRIVMSG me :\x01SOURCE\x01',
      'PRIVMSG me :\x01\x01',
      'PRIVMSG me :hi',
      `PRIVMSG me :\x01PING ${'x'.repeat(40)}\x01`,
    ])
      expect(answers.answer(line(raw))).toBeUndefined();
  });

  it('excuses itself to those who talk to it', () => {
    const answers = answersAt();
    expect(answers.excuse(line('PRIVMSG me :hi'))).toMatch(/^NOTICE bob :/);
    expect(answers.excuse(line('NOTICE me :hi'))).toBeUndefined();
    expect(answers.excuse(parseLine(':irc.test PRIVMSG me :hi') as Line)).toBeUndefined();
  });

  it('does not let itself be made to flood', async () => {
    const clock = fakeClock();
    const answers = answersAt(clock);
    const ask = () => answers.answer(line('PRIVMSG me :\x01VERSION\x01'));
    expect([ask(), ask(), ask(), ask(), ask()].filter(Boolean)).toHaveLength(3);
    await clock.advance(10_000);
    expect(ask()).toBeDefined();
  });
});
