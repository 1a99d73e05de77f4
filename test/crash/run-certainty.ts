import { setTimeout as wait } from 'node:timers/promises';
import { Chance } from './chance.ts';
import { Flight } from './flight.ts';
import { type Crossing, type Finding, judge, type Said } from './judge.ts';
import type { Certainty } from './options.ts';
import { BridgeEnded, type Killing, killOnce, leastInFlight, type Round } from './rounds.ts';
import type { Side, SideRecord } from './side.ts';
import { chats, makeSite, type Site } from './site.ts';
import { type Spoken, Talk } from './talk.ts';

/** One direction, and all that went wrong in it. */
export interface Way {
  readonly name: string;
  readonly crossing: Crossing;
  readonly findings: readonly Finding[];
}

/** What came of all the kills with one certainty. */
export interface Outcome {
  readonly certainty: Certainty;
  readonly rounds: readonly Round[];
  readonly ways: readonly Way[];
  /** What is no fault of a message: the bridge ended, or never came to rest. */
  readonly troubles: readonly string[];
  readonly tookMs: number;
  readonly dir: string;
}

/** Nobody says more while that many are under way. */
const mostInFlight = 150;
const quietForMs = 1500;
const stuckAfterMs = 12_000;
const quietWithinMs = 120_000;
const pollMs = 200;
/** Long enough that the bridge has tried both servers in vain. */
const aloneMs = 1000;

export interface Order {
  readonly certainty: Certainty;
  readonly kills: number;
  readonly seed: number;
}

/** Kills the bridge `kills` times while people talk, waits for rest, and judges. */
export async function runCertainty(dir: string, order: Order): Promise<Outcome> {
  const beganAtMs = performance.now();
  const site = await makeSite(dir, order.certainty);
  const rounds: Round[] = [];
  const troubles: string[] = [];
  const spoken = new Map<string, Spoken>();
  try {
    await openPortals(site);
    for (const talk of await talkAndKill(site, order, { rounds, troubles })) {
      for (const [text, times] of talk.spoken) spoken.set(text, times);
    }
    troubles.push(...(await comeToRest(site)));
  } catch (error) {
    troubles.push(`it could not go on: ${(error as Error).message}`);
  } finally {
    await site.stop();
  }
  const { matrix, remote } = site;
  const mayStayUnknown = order.certainty === 'nothing';
  const unlinked = new Set(mayStayUnknown ? matrix.record().told.keys() : []);
  const none = new Set<string>();
  const ways = [
    wayOf('Matrix to network', matrix, remote, { spoken, mayStayUnknown, unlinked: none }),
    wayOf('network to Matrix', remote, matrix, { spoken, mayStayUnknown: false, unlinked }),
  ];
  const tookMs = performance.now() - beganAtMs;
  return { certainty: order.certainty, rounds, ways, troubles, dir, tookMs };
}

/** Gives the talks, ended. */
async function talkAndKill(
  site: Site,
  { kills, seed }: Order,
  { rounds, troubles }: { rounds: Round[]; troubles: string[] },
): Promise<Talk[]> {
  const { matrix, remote } = site;
  const chance = new Chance(seed);
  const towardsMatrix = flightTo(matrix, remote);
  const towardsNetwork = flightTo(remote, matrix);
  const killing = { site, chance, towardsMatrix, towardsNetwork, isBack: Promise.resolve() };
  const talks = [
    startTalk(matrix, towardsNetwork, chance),
    startTalk(remote, towardsMatrix, chance),
  ];
  try {
    troubles.push(...(await killAll(killing, kills, rounds)));
    await killing.isBack;
  } finally {
    await Promise.all(talks.map((talk) => talk.end()));
  }
  return talks;
}

/** What is said before the bridge has come for the first time it need not know. */
async function openPortals(site: Site): Promise<void> {
  await site.bridge.start();
  const deadline = performance.now() + quietWithinMs;
  while (!site.matrix.isBridged()) {
    if (performance.now() > deadline) throw new Error('the bridge does not enter its rooms');
    await wait(pollMs);
  }
  await site.bridge.stop();
}

const flightTo = (to: Side, from: Side) =>
  new Flight(
    () => from.record(),
    () => to.record(),
  );

function startTalk(side: Side, flight: Flight, chance: Chance): Talk {
  return new Talk({ side, chats, chance, mayTalk: () => flight.count() < mostInFlight });
}

/** Kills that found too little under way are made again, but not for ever. */
async function killAll(killing: Killing, kills: number, rounds: Round[]): Promise<string[]> {
  let counted = 0;
  for (let number = 1; counted < kills; number++) {
    if (number > 3 * kills + 5) {
      return [
        `only ${counted} of ${number} kills had ${leastInFlight} messages under way each way`,
      ];
    }
    try {
      const round = await killOnce(killing, number);
      rounds.push(round);
      if (Math.min(round.towardsMatrix, round.towardsNetwork) >= leastInFlight) counted += 1;
    } catch (error) {
      if (!(error instanceof BridgeEnded)) throw error;
      return [`the bridge ended by itself in round ${number}: ${error.message}`];
    }
  }
  return [];
}

/**
 * Nobody talks any more, and all that is under way has to arrive: first in a bridge that starts
 * before its two servers do, then once more from a fresh start, where nothing may come again.
 */
async function comeToRest(site: Site): Promise<string[]> {
  const troubles: string[] = [];
  const servers = [site.homeserver, site.network];
  await Promise.all(servers.map((server) => server.kill()));
  await site.bridge.start();
  await wait(aloneMs);
  await Promise.all(servers.map((server) => server.start()));
  if (!(await isQuiet(site))) troubles.push('after the kills it did not come to rest');
  await site.bridge.stop().catch((error: Error) => troubles.push(error.message));
  await site.bridge.start();
  if (!(await isQuiet(site))) troubles.push('after a restart it did not come to rest');
  await site.bridge.stop().catch((error: Error) => troubles.push(error.message));
  return troubles;
}

/**
 * Whether nothing moves any more: for a while after all has arrived, and for much longer before that,
 * as each server has its own pauses after a failure.
 */
async function isQuiet({ matrix, remote, queue }: Site): Promise<boolean> {
  const towards = [flightTo(matrix, remote), flightTo(remote, matrix)];
  const deadline = performance.now() + quietWithinMs;
  let before = '';
  let since = performance.now();
  while (performance.now() < deadline) {
    const now = `${sizeOf(matrix.record())} ${sizeOf(remote.record())}`;
    if (now !== before) since = performance.now();
    before = now;
    const isAllThere = towards.every((flight) => flight.count() <= 0);
    const stillForMs = performance.now() - since;
    if (stillForMs > (isAllThere ? quietForMs : stuckAfterMs) && (await queue()).length === 0) {
      return true;
    }
    await wait(pollMs);
  }
  return false;
}

const sizeOf = ({ said, arrived, told }: SideRecord) =>
  `${said.length}/${arrived.length}/${told.size}`;

function wayOf(
  name: string,
  from: Side,
  to: Side,
  {
    spoken,
    ...promise
  }: Pick<Crossing, 'mayStayUnknown' | 'unlinked'> & {
    readonly spoken: ReadonlyMap<string, Spoken>;
  },
): Way {
  const { said, told } = from.record();
  const crossing = {
    said: said.map((each): Said => ({ ...each, ...spoken.get(each.text) })),
    arrived: to.record().arrived,
    told,
    ...promise,
  };
  return { name, crossing, findings: judge(crossing) };
}
