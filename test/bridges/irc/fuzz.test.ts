import { describe, expect, it, vi } from 'vitest';
import { BadLine, parseLine } from '../../../bridges/irc/wire/line.ts';
import { begin, type Machine, type Step, step } from '../../../bridges/irc/wire/machine.ts';
import { garbage } from './garbage.ts';
import { listening } from './listening.ts';
import type { ScriptedClient } from './scripted-server.ts';

const LINES = 1_000_000;
/** So many, and a connection is at its end. */
const LINES_A_CONNECTION = 20_000;

const lineOf = (lines: Iterator<string, never>) => lines.next().value.replace(/[\r\n]/g, ' ');

describe('a connection', () => {
  const who = { nick: 'drawbridge', username: 'u', realname: 'r', caps: ['draft/multiline'] };
  const account = { name: 'a', password: 'p', hasCertificate: false, nonce: 'n' };
  const fresh = (at: number): Machine =>
    begin(at % 2 === 0 ? who : { ...who, account, isSecure: true }).state;

  function heard(raw: string, state: Machine): Step | undefined {
    try {
      const line = parseLine(raw);
      return line && step(state, line);
    } catch (error) {
      if (error instanceof BadLine) return undefined;
      throw error;
    }
  }

  /** What answers a line that is too long may be. */
  const isAnswer = (text: string, raw: string) =>
    !/[\r\n\0]/.test(text) && Buffer.byteLength(text) <= Math.max(510, Buffer.byteLength(raw) + 1);

  function* states(): Generator<readonly [raw: string, Step]> {
    const lines = garbage(1);
    let state = fresh(0);
    for (let at = 0; at < LINES; at++) {
      if (at % LINES_A_CONNECTION === 0) state = fresh(at / LINES_A_CONNECTION);
      const raw = lineOf(lines);
      const next = heard(raw, state);
      if (!next) continue;
      state = next.state;
      yield [raw, next];
    }
  }

  it(`stands ${LINES} lines of garbage, answers with lines only, and keeps a nick`, () => {
    for (const [raw, { state, send }] of states())
      if (
        state.nick === '' ||
        state.batches.size > 1_000 ||
        !send.every((text) => isAnswer(text, raw))
      )
        expect.fail(`after ${JSON.stringify(raw.slice(0, 200))}: ${String(send).slice(0, 200)}`);
  });
});

describe('a network', () => {
  const isThrough = (client: ScriptedClient, mark: string) =>
    client.isGone || client.lines.some((line) => line.includes(mark));

  it('hears what is said after a hundred thousand lines of garbage', async () => {
    const { server, emitted, enlist } = await listening();
    await enlist('ann');
    const lines = garbage(2);
    for (let round = 0; round < 100; round++) {
      // With an ERROR a connection is at its end, and told to come with TLS alone it comes with TLS alone.
      const some = Array.from({ length: 1_000 }, () => lineOf(lines)).filter(
        (line) => !/ERROR|sts=/.test(line),
      );
      const open = server.clients.filter(({ isGone }) => !isGone);
      for (const client of open) client.say([...some, `PING :round-${round}`].join('\r\n'));
      await vi.waitFor(
        () => expect(open.every((client) => isThrough(client, `round-${round}`))).toBe(true),
        20_000,
      );
    }
    for (const client of server.clients) client.cut();
    const hears = () => {
      server.tell('#a', ':carl!c@h PRIVMSG #a :after all of that');
      expect(JSON.stringify(emitted)).toContain('after all of that');
    };
    await vi.waitFor(hears, { timeout: 60_000, interval: 200 });
  });
});
