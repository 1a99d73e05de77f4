import { expect, it } from 'vitest';
import { path, say } from '../src/testing/dev-homeserver/support/api.ts';
import type { Pushed } from '../src/testing/dev-homeserver/support/stub-appservice.ts';
import { type Open, until } from './bench.ts';
import { eventsIn, heardAll, holdBack, idsIn, quietRoom, sizes } from './quiet-room.ts';

const ephemeralIn = (transactions: readonly Pushed[]) =>
  transactions.flatMap(({ body }): object[] => body.ephemeral ?? []);

export function recoveryClauses(open: Open): void {
  pauseClauses(open);
  orderClauses(open);

  it('loses what is ephemeral in a transaction that failed, and while it is down', async () => {
    const { alice, room, slow, since, retried, recover } = await quietRoom(open);
    const type = (typing: boolean) =>
      alice.put(path`/rooms/${room}/typing/${alice.userId}`, { typing, timeout: 60_000 });
    const release = holdBack(slow);
    await type(true);
    await until(() => expect(ephemeralIn(since())).toHaveLength(1));
    release([500, '{}']);
    slow.answer = async ({ path: to }) => [to.includes('/transactions/') ? 500 : 200, '{}'];
    await retried(1);
    await type(false);
    await recover();
    await heardAll(alice, room, slow);
    expect(ephemeralIn(since())).toHaveLength(1);
    await type(true);
    await until(() => expect(ephemeralIn(since())).toHaveLength(2));
    await type(false);
    await until(() => expect(ephemeralIn(since())).toHaveLength(3));
  });

  it('shows an event that was redacted meanwhile as it is now, and then the redaction', async () => {
    const { alice, room, slow, since, recover } = await quietRoom(open);
    slow.answer = async ({ body: { events } }) => {
      await alice.put(path`/rooms/${room}/redact/${events[0].event_id}/${open().name()}`, {});
      return [500, '{}'];
    };
    const { event_id: id } = (await say(alice, room, 'secret')).body;
    await until(() => expect(since()).toHaveLength(1));
    await recover();
    await until(() => expect(since()).toHaveLength(3));
    const [event, redaction] = eventsIn(since().slice(1));
    expect(event).toMatchObject({
      event_id: id,
      unsigned: { redacted_because: { type: 'm.room.redaction' } },
    });
    expect(event.content).toEqual({});
    expect(redaction).toMatchObject({ redacts: id, content: { redacts: id } });
  });

  it('holds up no other appservice', async () => {
    const { alice, room, slow, since, queued, recover } = await quietRoom(open);
    slow.answer = async () => [500, '{}'];
    await say(alice, room, 'stuck');
    await until(() => expect(since()).toHaveLength(1));
    await queued();
    await recover();
  });
}

function pauseClauses(open: Open): void {
  it('sends a transaction again under its id until it is taken with JSON, with growing pauses', async () => {
    const { alice, room, slow, since } = await quietRoom(open);
    const answers = [
      [500, '{}'],
      [200, ''],
    ] as const;
    const atMs: number[] = [];
    slow.answer = async () => {
      atMs.push(performance.now());
      return answers[atMs.length - 1] ?? [200, '{}'];
    };
    await say(alice, room, 'again');
    await until(() => expect(since()).toHaveLength(3));
    expect(new Set(since().map((one) => one.path)).size).toBe(1);
    expect(new Set(since().map((one) => idsIn([one]).join())).size).toBe(1);
    const [first = 0, second = 0, third = 0] = atMs;
    const { firstPauseMs } = open();
    expect(second - first).toBeGreaterThan(firstPauseMs * 0.9);
    expect(third - second).toBeGreaterThan(firstPauseMs * 1.9);
  });

  it('tries again at once when a ping has reached the appservice', async () => {
    const { alice, room, slow, since, retried } = await quietRoom(open);
    slow.answer = async () => [503, '{}'];
    await say(alice, room, 'hurry');
    await until(() => expect(since()).toHaveLength(1));
    const failedAtMs = performance.now();
    slow.answer = async () => [200, '{}'];
    await retried(1);
    expect(performance.now() - failedAtMs).toBeLessThan(open().firstPauseMs * 0.9);
  });
}

function orderClauses(open: Open): void {
  it('brings each event by itself that happened while it was down', async () => {
    const { alice, room, slow, since, taken, queued, recover } = await quietRoom(open);
    slow.answer = async () => [502, '{}'];
    await say(alice, room, '1');
    await until(() => expect(since()).toHaveLength(1));
    for (const line of ['2', '3', '4']) await say(alice, room, line);
    await queued();
    await recover();
    await until(() => expect(taken()).toEqual(['1', '2', '3', '4']));
    expect(sizes(since().slice(1))).toEqual([1, 1, 1, 1]);
  });

  it('brings together what waited when it failed', async () => {
    const { alice, room, slow, since, taken, queued, recover } = await quietRoom(open);
    const release = holdBack(slow);
    for (const line of ['1', '2', '3']) await say(alice, room, line);
    await until(() => expect(since()).toHaveLength(1));
    await queued();
    release([500, '{}']);
    await recover();
    await until(() => expect(taken()).toEqual(['1', '2', '3']));
    expect(sizes(since().slice(1))).toEqual([1, 2]);
  });
}
