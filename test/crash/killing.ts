import { setTimeout as wait } from 'node:timers/promises';
import type { Chance } from './chance.ts';
import type { Flight } from './flight.ts';
import type { Site } from './site.ts';

/** A run while it goes on, over all lives of the bridge. */
export interface Killing {
  readonly site: Site;
  readonly chance: Chance;
  readonly towardsMatrix: Flight;
  readonly towardsNetwork: Flight;
  /** The homeserver forgets, when it is killed, what it had not pushed. */
  readonly losesQueue: boolean;
  /** Settles once a server that was taken away in the last round is back. */
  isBack: Promise<void>;
  /** On each side people say no more while that many of theirs are under way. */
  mostInFlight: number;
}

/** As a rule, nobody says more while that many are under way. */
export const mostInFlight = 150;

/** A kill counts only with that many on their way in each direction. */
export const leastInFlight = 50;

const pollMs = 10;

/** How many are on their way both ways together. */
export const wholeCount = ({ towardsMatrix, towardsNetwork }: Killing): number =>
  towardsMatrix.count() + towardsNetwork.count();

/** How many are on their way in the direction that has fewer. */
export const leastCount = ({ towardsMatrix, towardsNetwork }: Killing): number =>
  Math.min(towardsMatrix.count(), towardsNetwork.count());

/** Waits for something, but not for ever. */
export async function atMost(longestMs: number, isSo: () => boolean): Promise<void> {
  const deadline = performance.now() + longestMs;
  while (performance.now() < deadline && !isSo()) await wait(pollMs);
}
