import { setTimeout as wait } from 'node:timers/promises';
import type { Chance } from '../chance.ts';
import type { Flight } from '../flight.ts';
import type { GatekeeperSite } from './site.ts';

/** What happens to the gatekeeper besides. */
type Trouble = 'none' | 'gatekeeper killed' | 'gatekeeper held up';

/** One life of the bridge, and how it ended. */
export interface GatekeeperRound {
  readonly number: number;
  readonly trouble: Trouble;
  readonly killedAtMs: number;
}

export interface GatekeeperKilling {
  readonly site: GatekeeperSite;
  readonly chance: Chance;
  readonly flights: readonly Flight[];
}

const leastInFlight = 3;
const busyWithinMs = 3_000;
const longestLifeMs = 2_500;
const longestAbsenceMs = 1_500;
const pollMs = 10;

/** Starts the bridge, lets it work for a while, and kills it: mostly while it is busy. */
export async function killOnce(
  { site, chance, flights }: GatekeeperKilling,
  number: number,
): Promise<GatekeeperRound> {
  const trouble = troubleOf(chance, number);
  site.bridge.spawn();
  await wait(chance.between(0, longestLifeMs));
  if (trouble === 'gatekeeper killed') await away(site, chance);
  if (trouble === 'gatekeeper held up') site.network.pause();
  if (chance.happens(0.8)) await untilBusy(flights);
  if (!site.bridge.isRunning) throw new Error(`the bridge ended: ${site.bridge.log.slice(-3000)}`);
  const killedAtMs = performance.now();
  await site.bridge.kill();
  site.network.resume();
  return { number, trouble, killedAtMs };
}

function troubleOf(chance: Chance, number: number): Trouble {
  if (number % 10 === 5) return 'gatekeeper killed';
  return chance.happens(0.15) ? 'gatekeeper held up' : 'none';
}

async function away({ network }: GatekeeperSite, chance: Chance): Promise<void> {
  await network.kill();
  await wait(chance.between(0, longestAbsenceMs));
  await network.start();
}

async function untilBusy(flights: readonly Flight[]): Promise<void> {
  const deadline = performance.now() + busyWithinMs;
  const least = () => Math.min(...flights.map((flight) => flight.count()));
  while (performance.now() < deadline && least() < leastInFlight) await wait(pollMs);
}
