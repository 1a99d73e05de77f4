import { setTimeout as wait } from 'node:timers/promises';
import type { Chance } from '../chance.ts';
import type { Flight } from '../flight.ts';
import type { IrcSite } from './site.ts';

/** What happens to the IRC server besides: killed and back before the bridge is killed, away, or held up. */
type Trouble = 'none' | 'network restarted' | 'network killed' | 'network held up';

/** One life of the bridge, and how it ended. Times as `performance.now` gives them. */
export interface IrcRound {
  readonly number: number;
  readonly trouble: Trouble;
  readonly startedAtMs: number;
  readonly killedAtMs: number;
  readonly towardsMatrix: number;
  readonly towardsNetwork: number;
  /** From its start until it was in all its channels. */
  readonly backMs?: number;
  /** From when the server was there again: while it ran, or as it was started first. */
  readonly backAfterServerMs?: number;
}

export interface IrcKilling {
  readonly site: IrcSite;
  readonly chance: Chance;
  readonly towardsNetwork: Flight;
  /** How many messages of IRC people the bridge is behind. */
  readonly towardsMatrix: () => number;
  /** What was said in Matrix and had not arrived when the server was killed: nobody may know of it. */
  readonly inDoubt: Set<string>;
}

const leastInFlight = 5;
const pollMs = 10;
const busyWithinMs = 3_000;
const backWithinMs = 60_000;
const longestStartMs = 1_000;
const longestWarmUpMs = 5_000;
const longestWorkMs = 1_500;
const margin = 10;
const longestAbsenceMs = 2_000;

/** Starts the bridge, lets it work for a while and kills it while it is busy. */
export async function killOnce(killing: IrcKilling, number: number): Promise<IrcRound> {
  const { site } = killing;
  const trouble = troubleOf(killing, number);
  const startedAtMs = performance.now();
  site.bridge.spawn();
  const times = { ...(await comeUp(killing, trouble)), ...(await meddle(killing, trouble)) };
  await untilBusy(killing);
  const counts = {
    towardsMatrix: killing.towardsMatrix(),
    towardsNetwork: killing.towardsNetwork.count(),
  };
  if (!site.bridge.isRunning) throw new Error(`the bridge ended: ${site.bridge.log.slice(-3000)}`);
  const killedAtMs = performance.now();
  await site.bridge.kill();
  await setRight(killing, trouble);
  return { number, trouble, startedAtMs, killedAtMs, ...counts, ...times };
}

type BackTimes = Pick<IrcRound, 'backMs' | 'backAfterServerMs'>;

/** Mostly until it is in its channels, then for a while more. */
async function comeUp(killing: IrcKilling, trouble: Trouble): Promise<BackTimes> {
  const { site, chance } = killing;
  if (site.network.isRunning && trouble === 'none' && chance.happens(0.2)) {
    await wait(chance.between(0, longestStartMs));
    return {};
  }
  const isAlone = !site.network.isRunning;
  const startedAtMs = performance.now();
  if (isAlone) await wait(chance.between(0, longestAbsenceMs));
  const backMs = await backSince(killing, isAlone ? await bringBack(killing) : startedAtMs);
  await work(killing);
  return isAlone ? { backAfterServerMs: backMs } : { backMs };
}

/** Mostly until the voices speak again as well, then for a while more. */
async function work({ site, chance }: IrcKilling): Promise<void> {
  const arrivals = () => [site.matrix, site.irc].map((side) => side.record().arrived.length);
  const before = arrivals();
  const deadline = performance.now() + (chance.happens(0.9) ? longestWarmUpMs : 0);
  const isFlowing = () => arrivals().every((count, side) => count > (before[side] ?? 0) + margin);
  while (performance.now() < deadline && !isFlowing()) await wait(pollMs);
  await wait(chance.between(0, longestWorkMs));
}

async function meddle(killing: IrcKilling, trouble: Trouble): Promise<BackTimes> {
  const { site, chance } = killing;
  if (trouble === 'network held up') site.network.pause();
  if (trouble !== 'network restarted' && trouble !== 'network killed') return {};
  await takeAway(killing);
  await wait(chance.between(0, longestAbsenceMs));
  if (trouble === 'network killed') return {};
  const backAfterServerMs = await backSince(killing, await bringBack(killing));
  await work(killing);
  return { backAfterServerMs };
}

/** Half of the times a server that was taken away is back before the bridge is. */
async function setRight(killing: IrcKilling, trouble: Trouble): Promise<void> {
  const { site, chance } = killing;
  if (trouble === 'network held up') site.network.resume();
  if (trouble === 'network killed' && chance.happens(0.5)) await bringBack(killing);
}

/** The server goes in every fifth life: half of the times it is back before the bridge is killed. */
function troubleOf({ chance }: IrcKilling, number: number): Trouble {
  if (number % 10 === 4) return 'network restarted';
  if (number % 10 === 9) return 'network killed';
  return chance.happens(0.15) ? 'network held up' : 'none';
}

async function takeAway({ site, towardsNetwork, inDoubt }: IrcKilling): Promise<void> {
  await site.network.kill();
  await site.irc.serverGone();
  for (const text of towardsNetwork.open()) inDoubt.add(text);
}

/**
 * Gives when the server was there. What the bridge says to an empty channel nobody can hear: it is held
 * up until people are back, which counts as its own time.
 */
async function bringBack({ site }: IrcKilling): Promise<number> {
  site.bridge.pause();
  await site.network.start();
  const readyAtMs = performance.now();
  await site.irc.comeBack();
  site.bridge.resume();
  return readyAtMs;
}

/** How long it took until the bot was in all its channels. */
async function backSince({ site }: IrcKilling, sinceMs: number): Promise<number> {
  const { irc } = site;
  for (;;) {
    const atMs = irc.record().botInSince(sinceMs, irc.chats);
    if (atMs !== undefined) return atMs - sinceMs;
    if (performance.now() - sinceMs > backWithinMs)
      throw new Error(`the bot did not come back: ${site.bridge.log.slice(-2000)}`);
    await wait(pollMs);
  }
}

/** Where the server is away, nobody there says anything more. */
async function untilBusy({ towardsMatrix, towardsNetwork }: IrcKilling): Promise<void> {
  const deadline = performance.now() + busyWithinMs;
  const least = () => Math.min(towardsMatrix(), towardsNetwork.count());
  while (performance.now() < deadline && least() < leastInFlight) await wait(pollMs);
}
