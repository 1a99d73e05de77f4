import { setTimeout as wait } from 'node:timers/promises';
import type { Chance } from './chance.ts';
import {
  atMost,
  type Killing,
  leastCount,
  leastInFlight,
  mostInFlight,
  wholeCount,
} from './killing.ts';

/** What happens besides the kill of the bridge: killed or held up, a server is away when it comes. */
const absences = [
  'network killed',
  'network held up',
  'homeserver killed',
  'homeserver held up',
] as const;
/** Killed, and back before the bridge is killed. */
const restarts = ['network restarted', 'homeserver restarted'] as const;
/** Restarted while the bridge stood still: what was queued for it in the meantime is lost. */
const LOSS = 'queue lost';

export type Trouble = 'none' | (typeof absences)[number] | (typeof restarts)[number] | typeof LOSS;

/** Of so many kills in a row one comes while a server is away, and one after a loss; others by chance. */
const troubleEvery = 3;
const margin = 10;
const longestAwayMs = 900;
const longestAfterMs = 1500;
/** So much is said while the bridge stands still: more than what is in a transaction by then. */
const saidInVain = 40;
const patienceMs = 10_000;
/** What the ghosts said comes back to the bridge, last of all. */
const settledMs = 1000;

/** The trouble that a round has in any case. */
export function troubleMeant(
  { chance, losesQueue }: Pick<Killing, 'chance' | 'losesQueue'>,
  round: number,
): Trouble | undefined {
  if (round % troubleEvery === 1) return chance.one(absences);
  return losesQueue && round % troubleEvery === 2 ? LOSS : undefined;
}

export function troubleByChance(chance: Chance): Trouble {
  if (chance.happens(0.25)) return chance.one(absences);
  return chance.happens(0.3) ? chance.one(restarts) : 'none';
}

/** Makes the trouble. Gives what ends it, where it is not over already. */
export async function trouble(killing: Killing, which: Trouble): Promise<() => Promise<void>> {
  if (which === LOSS) await loseQueue(killing);
  else if (which !== 'none') return takeAway(killing, which);
  return async () => {};
}

/**
 * As long as the homeserver finds the bridge behind, it keeps all that it has for it on its disk. So
 * first everything arrives, and then the bridge stands still while people talk. Sometimes it goes on
 * after the loss and has to notice that, sometimes it is killed as it stands.
 */
async function loseQueue(killing: Killing): Promise<void> {
  const { site, chance } = killing;
  killing.mostInFlight = 0;
  await atMost(patienceMs, () => wholeCount(killing) === 0);
  await wait(settledMs);
  site.bridge.pause();
  killing.mostInFlight = mostInFlight;
  await atMost(patienceMs, () => killing.towardsNetwork.count() >= saidInVain);
  await site.homeserver.kill();
  await site.homeserver.start();
  if (chance.happens(0.5)) return;
  site.bridge.resume();
  await wait(chance.between(0, longestAfterMs));
}

async function takeAway(
  killing: Killing,
  which: Exclude<Trouble, 'none' | typeof LOSS>,
): Promise<() => Promise<void>> {
  const { site, chance } = killing;
  const server = which.startsWith('network') ? site.network : site.homeserver;
  const isKilled = !which.endsWith('held up');
  if (isKilled) await server.kill();
  else server.pause();
  // Meanwhile nobody there can say anything more: not until all that is under way has arrived.
  const longestMs = chance.between(0, longestAwayMs);
  await atMost(longestMs, () => leastCount(killing) <= leastInFlight + margin);
  const comeBack = async () => {
    if (isKilled) await server.start();
    else server.resume();
  };
  if (!which.endsWith('restarted')) return comeBack;
  await comeBack();
  await wait(chance.between(0, longestAfterMs));
  return async () => {};
}
