import { setTimeout as wait } from 'node:timers/promises';
import type { Chance } from './chance.ts';
import type { Flight } from './flight.ts';
import type { Site } from './site.ts';

/** What happens besides the kill of the bridge: killed or held up, a server is away when it comes. */
const absences = [
  'network killed',
  'network held up',
  'homeserver killed',
  'homeserver held up',
] as const;
/** Killed, and back before the bridge is killed. */
const restarts = ['network restarted', 'homeserver restarted'] as const;
type Trouble = 'none' | (typeof absences)[number] | (typeof restarts)[number];

/** One life of the bridge, and how it ended. Times as `performance.now` gives them. */
export interface Round {
  readonly number: number;
  readonly trouble: Trouble;
  readonly startedAtMs: number;
  readonly killedAtMs: number;
  /** Whether it was killed before it served anybody. */
  readonly whileStarting: boolean;
  readonly towardsMatrix: number;
  readonly towardsNetwork: number;
}

export interface Killing {
  readonly site: Site;
  readonly chance: Chance;
  readonly towardsMatrix: Flight;
  readonly towardsNetwork: Flight;
  /** Settles once a server that was taken away in the last round is back. */
  isBack: Promise<void>;
}

/** A kill counts only with that many on their way in each direction. */
export const leastInFlight = 50;

/** Every third kill comes while the network or the homeserver is away, and some others by chance. */
const awayEvery = 3;
const margin = 10;
const pollMs = 10;
const patienceMs = 30_000;
const longestStartMs = 700;
const longestWarmUpMs = 5000;
const longestWorkMs = 1500;
const longestAwayMs = 900;
const longestAbsenceMs = 1500;

/** Starts the bridge, lets it work for a while and kills it while it is busy. */
export async function killOnce(killing: Killing, number: number): Promise<Round> {
  const { site, chance } = killing;
  await untilBusy(killing);
  const startedAtMs = performance.now();
  site.bridge.spawn();
  const isMeantAway = number % awayEvery === 1;
  const whileStarting = !isMeantAway && chance.happens(0.15);
  if (whileStarting) await wait(chance.between(0, longestStartMs));
  else await work(killing);
  const trouble = whileStarting ? 'none' : chooseTrouble(chance, isMeantAway);
  const comeBack = await leave(killing, trouble);
  await untilBusy(killing);
  const counts = {
    towardsMatrix: killing.towardsMatrix.count(),
    towardsNetwork: killing.towardsNetwork.count(),
  };
  if (!site.bridge.isRunning) throw new BridgeEnded(site.bridge.log.slice(-3000));
  const killedAtMs = performance.now();
  await site.bridge.kill();
  if (chance.happens(0.5)) await comeBack();
  else
    killing.isBack = bothBack(killing.isBack, wait(chance.between(0, longestAbsenceMs)), comeBack);
  return { number, trouble, startedAtMs, killedAtMs, whileStarting, ...counts };
}

/** A life that ends while it starts waits for no server: that of the round before may still be on its way. */
async function bothBack(
  before: Promise<void>,
  absence: Promise<void>,
  comeBack: () => Promise<void>,
): Promise<void> {
  await Promise.all([before, absence.then(comeBack)]);
}

/** Mostly until messages go through both ways, then for a while more. */
async function work({ site, chance, isBack }: Killing): Promise<void> {
  const arrivals = () => [site.matrix, site.remote].map((side) => side.record().arrived.length);
  const before = arrivals();
  await site.bridge.ready();
  await isBack;
  const deadline = performance.now() + (chance.happens(0.9) ? longestWarmUpMs : 0);
  while (performance.now() < deadline && site.bridge.isRunning) {
    if (arrivals().every((count, side) => count > (before[side] ?? 0))) break;
    await wait(pollMs);
  }
  await wait(chance.between(0, longestWorkMs));
}

/** The bridge ended by itself, which it may not do whatever happens around it. */
export class BridgeEnded extends Error {
  override readonly name = 'BridgeEnded';
}

function chooseTrouble(chance: Chance, isMeantAway: boolean): Trouble {
  if (isMeantAway || chance.happens(0.25)) return chance.one(absences);
  return chance.happens(0.3) ? chance.one(restarts) : 'none';
}

/** Takes a server away for a while. Gives what brings it back, where it is not back already. */
async function leave(killing: Killing, trouble: Trouble): Promise<() => Promise<void>> {
  const { site, chance } = killing;
  if (trouble === 'none') return async () => {};
  const server = trouble.startsWith('network') ? site.network : site.homeserver;
  const isKilled = !trouble.endsWith('held up');
  if (isKilled) await server.kill();
  else server.pause();
  // Meanwhile nobody there can say anything more: not until all that is under way has arrived.
  const until = performance.now() + chance.between(0, longestAwayMs);
  while (performance.now() < until && leastCount(killing) > leastInFlight + margin) {
    await wait(pollMs);
  }
  const comeBack = async () => {
    if (isKilled) await server.start();
    else server.resume();
  };
  if (!trouble.endsWith('restarted')) return comeBack;
  await comeBack();
  await wait(chance.between(0, longestWorkMs));
  return async () => {};
}

async function untilBusy(killing: Killing): Promise<void> {
  const deadline = performance.now() + patienceMs;
  while (performance.now() < deadline && leastCount(killing) < leastInFlight) await wait(pollMs);
}

const leastCount = ({ towardsMatrix, towardsNetwork }: Killing) =>
  Math.min(towardsMatrix.count(), towardsNetwork.count());
