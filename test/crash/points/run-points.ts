import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Chance } from '../chance.ts';
import type { Certainty, Options } from '../options.ts';
import type { Moment } from './calls.ts';
import { crashes, momentsOf, nameOf, recoveriesOf, sample } from './moments.ts';
import { type Played, playOnce } from './play-once.ts';
import { makePlace, type Place } from './stage.ts';

/** One play of the script, and when the bridge ends in it. */
export interface Trial {
  readonly certainty: Certainty;
  readonly moments: readonly Moment[];
}

/** What came of it. */
export interface Tried extends Trial {
  readonly played: Played;
  readonly dir: string;
}

const atOnce = 2;
const dryRuns = 2;
/** A moment that did not come is waited for in so many further plays. */
const mostPlays = 3;
const bridge = join(import.meta.dirname, 'bridge.js');

/** Ends the bridge once at every moment of the script, or at some of them. */
export async function runPoints(
  dir: string,
  options: Pick<Options, 'certainties' | 'sample' | 'seed' | 'only'>,
  print: (text: string) => void,
): Promise<readonly Tried[]> {
  const places = await Promise.all(Array.from({ length: atOnce }, makePlace));
  const play = player(dir, places, print);
  const rehearsed = await play(options.certainties.flatMap(rehearsals));
  const all = plan(rehearsed);
  const chosen = choose(all, options);
  print(`${all.length} moments, of which ${chosen.length} are tried`);
  return [...rehearsed, ...(await play(chosen))];
}

/** Plays that only count: from the beginning, and from each of some crashes on. */
const rehearsals = (certainty: Certainty): readonly Trial[] =>
  [[], ...crashes.map((crash) => [crash])].flatMap((moments) =>
    Array.from({ length: dryRuns }, () => ({ certainty, moments })),
  );

/** Every moment of every play that was rehearsed. */
function plan(rehearsed: readonly Tried[]): readonly Trial[] {
  const plays = new Map(rehearsed.map((tried) => [trialName(tried), tried]));
  return [...plays].flatMap(([name, { certainty, moments }]) => {
    const runs = rehearsed.filter((tried) => trialName(tried) === name);
    const counts = runs.map(({ played }) => played.calls);
    const next = moments.length === 0 ? momentsOf(counts) : recoveriesOf(counts);
    return next.map((moment) => ({ certainty, moments: [...moments, moment] }));
  });
}

export const trialName = ({ certainty, moments }: Trial): string =>
  [`${certainty}:`, ...moments.map(nameOf)].join(' ');

const pointOf = ({ moments }: Trial) => moments.map(({ point }) => point).join(' ');

function choose(
  all: readonly Trial[],
  { sample: count, seed, only }: Pick<Options, 'sample' | 'seed' | 'only'>,
): readonly Trial[] {
  const named = all.filter((trial) => trialName(trial).includes(only ?? ''));
  return count === undefined ? named : sample(named, pointOf, { count, chance: new Chance(seed) });
}

/** Plays several trials, some at once, each place one after the other. */
function player(dir: string, places: readonly Place[], print: (text: string) => void) {
  let number = 0;
  async function playOne(trial: Trial, place: Place): Promise<Tried> {
    for (let plays = 1; ; plays++) {
      number += 1;
      const own = join(dir, String(number));
      const played = await playOnce(own, place, { ...trial, bridge });
      const tried = { ...trial, played, dir: own };
      if (isFault(tried)) print(`${trialName(trial)}: WRONG, see ${own}`);
      else await rm(own, { recursive: true });
      if (isFault(tried) || played.wasEnded || plays === mostPlays) return tried;
    }
  }
  return async (trials: readonly Trial[]): Promise<readonly Tried[]> => {
    const results: Tried[] = [];
    const waiting = trials.values();
    await Promise.all(
      places.map(async (place) => {
        for (const trial of waiting) results.push(await playOne(trial, place));
      }),
    );
    return results;
  };
}

/** Whether something went wrong, besides that a moment did not come. */
export const isFault = ({ played: { troubles, ways } }: Tried): boolean =>
  troubles.length > 0 || ways.some(({ findings }) => findings.length > 0);
