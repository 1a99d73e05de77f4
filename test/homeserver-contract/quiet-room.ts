import { expect } from 'vitest';
import { type Client, say } from '../src/testing/dev-homeserver/support/api.ts';
import {
  actingAs,
  type Pushed,
  type StubAppservice,
} from '../src/testing/dev-homeserver/support/stub-appservice.ts';
import { type Open, until } from './bench.ts';
import { pushed, type SeenEvent, texts } from './look.ts';

export const eventsIn = (transactions: readonly Pushed[]) =>
  transactions.flatMap(({ body }): SeenEvent[] => body.events);
export const idsIn = (transactions: readonly Pushed[]) =>
  eventsIn(transactions).map((event) => event.event_id);
export const sizes = (transactions: readonly Pushed[]) =>
  transactions.map(({ body }) => body.events.length);

/** Waits until the appservice has heard everything up to now. */
export async function heardAll(who: Client, room: string, stub: StubAppservice): Promise<void> {
  const { event_id: id } = (await say(who, room, 'the last word')).body;
  await until(() => expect(idsIn(stub.acknowledged)).toContain(id));
}

/** The room in which only the appservice `slow` listens, which has heard everything so far. */
export async function quietRoom(open: Open) {
  const { alice, url, slow, x, room: other, quiet: room } = open();
  await heardAll(alice, room, slow);
  const [sent, taken] = [slow.transactions.length, slow.acknowledged.length];
  const takesAll = () => {
    slow.answer = async () => [200, '{}'];
  };
  const ping = () =>
    actingAs(url, undefined, 'slow').post('/_matrix/client/v1/appservice/slow/ping', {});
  /** What it was sent from here on. */
  const since = () => slow.transactions.slice(sent);
  return {
    ...{ alice, room, slow, ping, since },
    /** Pings until it was sent more than so many. */
    retried: (count: number) =>
      // A ping does nothing before the homeserver has taken notice of a failure.
      until(async () => {
        if (since().length === count) await ping();
        expect(since().length).toBeGreaterThan(count);
      }, 150),
    taken: () => texts(eventsIn(slow.acknowledged.slice(taken))),
    /**
     * Waits until the homeserver has queued what was said up to now: it does so in the order of
     * its events for all appservices, some time after it has answered the person who spoke.
     */
    queued: async () => {
      const { event_id: id } = (await say(alice, other, 'the mark')).body;
      await pushed(x, (event) => event.event_id === id);
    },
    /** It takes everything from now on, and says so. */
    recover: async () => {
      takesAll();
      expect((await ping()).status).toBe(200);
    },
  };
}

type Answer = readonly [status: number, body: string];

/** Has an appservice answer only when it is told to. What comes after that is taken at once. */
export function holdBack(stub: StubAppservice): (answer?: Answer) => void {
  let answerNow = (_: Answer) => {};
  stub.answer = () =>
    new Promise((resolve) => {
      answerNow = resolve;
    });
  return (answer = [200, '{}']) => {
    stub.answer = async () => [200, '{}'];
    answerNow(answer);
  };
}
