import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { systemClock } from '../../../../bridges/irc/wire/clock.ts';
import { backOffMs, Link, type LinkUser, waitMsAfter } from '../../../../bridges/irc/wire/link.ts';
import { type ScriptedClient, ScriptedServer } from '../scripted-server.ts';

describe('backOffMs', () => {
  const limits = { baseMs: 2_000, maxMs: 300_000 };

  it('doubles with each failure, up to the longest', () => {
    expect([0, 1, 2, 3].map((n) => backOffMs(limits, n, 1))).toEqual([2_000, 4_000, 8_000, 16_000]);
    expect(backOffMs(limits, 99, 1)).toBe(300_000);
  });

  it('leaves half of the wait to chance, so that many do not come back at once', () => {
    expect(backOffMs(limits, 3, 0)).toBe(8_000);
    expect(backOffMs(limits, 3, 0.5)).toBe(12_000);
  });
});

describe('waitMsAfter', () => {
  const limits = { baseMs: 1_000, maxMs: 300_000 };
  const wait = (as: Parameters<typeof waitMsAfter>[0], failures: number) =>
    waitMsAfter(as, limits, { failures, random: 1 });

  it('is short where nobody listens, however often it was tried', () => {
    expect(wait('absent', 20)).toBe(1_000);
  });

  it('grows where the connection is lost', () => {
    expect([0, 1, 2].map((failures) => wait('lost', failures))).toEqual([1_000, 2_000, 4_000]);
  });

  it('is a minute at least after the word that there were too many, as far as that is allowed', () => {
    expect([0, 7].map((failures) => wait('throttled', failures))).toEqual([60_000, 128_000]);
    const short = { baseMs: 10, maxMs: 50 };
    expect(waitMsAfter('throttled', short, { failures: 0, random: 0 })).toBe(50);
  });

  it('is the longest after a ban or a wrong password', () => {
    expect([wait('banned', 0), wait('password', 0)]).toEqual([300_000, 300_000]);
  });
});

describe('Link', () => {
  it('tries as soon as the first time wherever nobody listens, however often it has', async () => {
    const server = await ScriptedServer.start();
    const { port } = server;
    let tries = 0;
    const user: LinkUser = {
      turn: async () => {},
      dial() {
        tries += 1;
        return {
          ...{ host: '127.0.0.1', port, tls: false, pem: {}, fallbackCharset: 'utf-8' },
          who: { nick: 'ann', username: 'ann', realname: 'Ann' },
          flood: { burst: 5, intervalMs: 0, penaltyBytes: 0 },
          ...{ connectTimeoutMs: 5_000, pingIntervalMs: 60_000, pingTimeoutMs: 30_000 },
          clock: systemClock,
          insecure: () => {},
        };
      },
      heard: () => {},
      up: async () => {},
      down: () => {},
    };
    const link = new Link(user, { baseMs: 5, maxMs: 3_600_000 });
    onTestFinished(() => link.close('over'));
    await link.open(new AbortController().signal);
    await server.stop();
    await vi.waitFor(() => expect(tries).toBeGreaterThan(20), 10_000);

    const deal = (client: ScriptedClient) => client.cut() === undefined;
    const back = await ScriptedServer.start({ deal }, port);
    onTestFinished(() => back.stop());
    // None of those tries counts when it is refused by the server itself.
    await vi.waitFor(() => expect(back.clients.length).toBeGreaterThan(3), 10_000);
  });
});
