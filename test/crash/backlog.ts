import { readFileSync } from 'node:fs';
import type { ServerProcess } from '../live/support/server-process.ts';
import { Flight } from './flight.ts';
import type { HomeserverKind } from './options.ts';
import { openPortals } from './run-certainty.ts';
import type { Side } from './side.ts';
import { chats, makeSite, type Site } from './site.ts';
import { patient } from './until.ts';
import { judgeBoth, rulesOf, type Way } from './ways.ts';

/** What came of messages that waited for a server that was away. */
export interface Backlog {
  readonly messages: number;
  readonly ways: readonly Way[];
  /** In the order of the ways. */
  readonly waits: readonly Wait[];
}

interface Wait {
  /** While the server was away, and until all had arrived once it was back. */
  readonly awayMs: number;
  readonly backMs: number;
  /** What the bridge had in memory before, and the most until then: heap, code, buffers, database cache. */
  readonly beforeMiB: number;
  readonly peakMiB: number;
}

/** Half of what the waiting messages take: the bridge must leave them on disk, and read them bit by bit. */
const heapMiB = 64;
const waitingMiB = 2 * heapMiB;
/** A bridge that held what waits, in its heap or beside it, would grow by all of it. */
export const mostGrownMiB = waitingMiB;
/** The network takes no longer message. */
const mostBytes = 16_000;
const patienceMs = 8 * 60_000;

/**
 * Has so many messages wait for the network, and then as many for the homeserver, while it is away.
 *
 * How long it is away makes no difference here: `test/flow/outage.test.ts` turns the clock.
 */
export async function runBacklog(
  dir: string,
  { messages, homeserver }: { readonly messages: number; readonly homeserver: HomeserverKind },
): Promise<Backlog> {
  const setting = { certainty: 'drops-repeats', homeserver } as const;
  const nodeArgs = [`--max-old-space-size=${heapMiB}`];
  const site = await makeSite(dir, { ...setting, nodeArgs, mayBeLong: true });
  const { matrix, remote } = site;
  const rules = rulesOf(setting);
  const records = { matrix: () => matrix.record(), remote: () => remote.record() };
  try {
    await openPortals(site);
    await site.bridge.start();
    const towardsNetwork = await wait(site, {
      ...{ server: site.network, side: matrix, messages },
      flight: new Flight(records.matrix, records.remote, rules.towardsNetwork),
    });
    const towardsMatrix = await wait(site, {
      ...{ server: site.homeserver, side: remote, messages },
      flight: new Flight(records.remote, records.matrix, rules.towardsMatrix),
    });
    await site.bridge.stop();
    const ways = judgeBoth({ matrix: matrix.record(), remote: remote.record() }, rules, new Map());
    return { messages, ways, waits: [towardsNetwork, towardsMatrix] };
  } finally {
    await site.stop();
  }
}

interface Waiting {
  readonly server: ServerProcess;
  readonly side: Side;
  readonly flight: Flight;
  readonly messages: number;
}

/** Rejects when the bridge ends, or they do not come. */
async function wait(site: Site, { server, side, flight, messages }: Waiting): Promise<Wait> {
  const beganAtMs = performance.now();
  const beforeMiB = memoryMiB(site, 'VmRSS');
  await server.kill();
  await sayAll(side, messages);
  const backAtMs = performance.now();
  await server.start();
  await untilArrived(site, flight);
  return {
    awayMs: backAtMs - beganAtMs,
    backMs: performance.now() - backAtMs,
    beforeMiB,
    peakMiB: memoryMiB(site, 'VmHWM'),
  };
}

/** Everybody in every chat at once, each of them one after the other. */
async function sayAll(side: Side, messages: number): Promise<void> {
  const filling = 'x'.repeat(Math.min(mostBytes, (waitingMiB * 2 ** 20) / messages));
  const places = side.people.flatMap((person) => chats.map((chat) => ({ person, chat })));
  const numbers = Array.from({ length: messages }, (_, n) => n).values();
  await Promise.all(
    places.map(async ({ person, chat }) => {
      for (const n of numbers)
        await side.say(person, {
          what: 'message',
          chat,
          text: `${person} ${chat} ${n} ${filling}`,
        });
    }),
  );
}

const untilArrived = ({ bridge }: Site, flight: Flight): Promise<void> =>
  patient(patienceMs, () => {
    if (!bridge.isRunning) throw new Error(`the bridge ended: ${bridge.log.slice(-2000)}`);
  })('all to arrive', () => flight.count() === 0);

function memoryMiB({ bridge }: Site, which: 'VmRSS' | 'VmHWM'): number {
  const status = readFileSync(`/proc/${bridge.pid}/status`, 'utf8');
  return Number(new RegExp(`${which}:\\s+(\\d+)`).exec(status)?.[1]) / 1024;
}
