import { setTimeout as wait } from 'node:timers/promises';
import { atMost, type Killing, leastCount, leastInFlight } from './killing.ts';
import { type Trouble, trouble, troubleByChance, troubleMeant } from './troubles.ts';

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

const patienceMs = 30_000;
const longestStartMs = 700;
const longestWarmUpMs = 5000;
const longestWorkMs = 1500;
const longestAbsenceMs = 1500;

/** Starts the bridge, lets it work for a while and kills it while it is busy. */
export async function killOnce(killing: Killing, number: number): Promise<Round> {
  const { site, chance } = killing;
  await untilBusy(killing);
  const startedAtMs = performance.now();
  site.bridge.spawn();
  const meant = troubleMeant(killing, number);
  const whileStarting = meant === undefined && chance.happens(0.15);
  if (whileStarting) await wait(chance.between(0, longestStartMs));
  else await work(killing);
  const which = meant ?? (whileStarting ? 'none' : troubleByChance(chance));
  const comeBack = await trouble(killing, which);
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
  return { number, trouble: which, startedAtMs, killedAtMs, whileStarting, ...counts };
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
  const goesBothWays = () => arrivals().every((count, side) => count > (before[side] ?? 0));
  const longestMs = chance.happens(0.9) ? longestWarmUpMs : 0;
  await atMost(longestMs, () => goesBothWays() || !site.bridge.isRunning);
  await wait(chance.between(0, longestWorkMs));
}

/** The bridge ended by itself, which it may not do whatever happens around it. */
export class BridgeEnded extends Error {
  override readonly name = 'BridgeEnded';
}

const untilBusy = (killing: Killing) =>
  atMost(patienceMs, () => leastCount(killing) >= leastInFlight);
