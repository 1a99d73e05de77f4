import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Options } from '../options.ts';
import { bundled } from './bundle.ts';
import {
  type Bill,
  billOf,
  billsOf,
  chosen,
  endsOf,
  rehearsals,
  type Trial,
  trialName,
  trialsOf,
} from './plan.ts';
import { type Played, play } from './play.ts';
import { makePlace, type Place } from './stage.ts';

/** A play of the script, and what came of it. */
export interface Show extends Bill {
  readonly played: Played;
  readonly dir: string;
}

/** What came of all trials. */
export interface Run {
  readonly trials: readonly Trial[];
  /** By name, at which the bridge ended, and went on as promised. */
  readonly passed: ReadonlySet<string>;
  /** In which something went wrong: with one trial where it is known which one it was. */
  readonly wrong: readonly Show[];
  readonly plays: number;
}

const atOnce = 4;
const dryRuns = 2;
/** A moment that did not come in the company of others gets further plays, the last one for itself. */
const mostTries = 3;

/** Ends the bridge once at every moment of the script, or at some of them. */
export async function runPoints(
  dir: string,
  options: Options,
  print: (text: string) => void,
): Promise<Run> {
  const places = await Promise.all(Array.from({ length: atOnce }, makePlace));
  const theatre = new Theatre({ dir, places, print, bridge: await bundled() });
  const bills = options.certainties.flatMap(rehearsals);
  const rehearsed = await theatre.playAll(bills.flatMap((bill) => Array(dryRuns).fill(bill)));
  const all = bills.flatMap((bill) =>
    trialsOf(
      bill,
      rehearsed.filter(({ trials }) => trials === bill.trials).map(({ played }) => played),
    ),
  );
  const trials = chosen(all, options);
  print(`${all.length} moments, of which ${trials.length} are tried`);
  const { passed, wrong } = await tryAll(theatre, trials);
  return { trials, passed, wrong: [...rehearsed.filter(isWrong), ...wrong], plays: theatre.plays };
}

async function tryAll(theatre: Theatre, trials: readonly Trial[]) {
  const passed = new Set<string>();
  const wrong: Show[] = [];
  let left = trials;
  for (let tries = 1; tries <= mostTries && left.length > 0; tries++) {
    const shows = await theatre.playAll(
      tries < mostTries ? billsOf(left) : left.map((trial) => billOf([trial])),
    );
    const apart = await takenApart(theatre, shows);
    for (const name of [...shows, ...apart].flatMap(cameToPass)) passed.add(name);
    wrong.push(...culprits(shows, apart));
    const isOver = new Set([...passed, ...wrong.flatMap((show) => show.trials.map(trialName))]);
    left = left.filter((trial) => !isOver.has(trialName(trial)));
  }
  return { passed, wrong };
}

/** The names of trials that came, in a play in which all was well. */
const cameToPass = (show: Show): readonly string[] =>
  isWrong(show)
    ? []
    : show.trials.filter(({ scene }) => !show.played.missed.has(scene)).map(trialName);

/** Each trial of a play in which something went wrong, for itself. */
const takenApart = (theatre: Theatre, shows: readonly Show[]): Promise<readonly Show[]> =>
  theatre.playAll(
    shows
      .filter((show) => isWrong(show) && show.trials.length > 1)
      .flatMap(({ trials }) => trials.map((trial) => billOf([trial]))),
  );

/** The single trials that go wrong, and plays of which no trial does so for itself. */
function culprits(shows: readonly Show[], apart: readonly Show[]): readonly Show[] {
  const alone = apart.filter(isWrong);
  const names = new Set(alone.flatMap(({ trials }) => trials.map(trialName)));
  const isExplained = ({ trials }: Show) => trials.some((trial) => names.has(trialName(trial)));
  return [...alone, ...shows.filter((show) => isWrong(show) && !isExplained(show))];
}

interface With {
  readonly dir: string;
  readonly places: readonly Place[];
  readonly bridge: string;
  readonly print: (text: string) => void;
}

/** Plays, some at once, each place one after the other. */
class Theatre {
  plays = 0;
  readonly #with: With;

  constructor(using: With) {
    this.#with = using;
  }

  async playAll(bills: readonly Bill[]): Promise<readonly Show[]> {
    const shows: Show[] = [];
    const waiting = bills.values();
    await Promise.all(
      this.#with.places.map(async (place) => {
        for (const bill of waiting) shows.push(await this.#play(bill, place));
      }),
    );
    return shows;
  }

  async #play(bill: Bill, place: Place): Promise<Show> {
    const { certainty } = bill;
    const { bridge } = this.#with;
    this.plays += 1;
    const number = this.plays;
    const dir = join(this.#with.dir, String(number));
    const played = await play(dir, place, { certainty, bridge, ends: endsOf(bill) });
    const show = { ...bill, played, dir };
    const ends = `play ${number}, ${certainty}, ends in ${bill.trials.length} scenes:`;
    this.#with.print(isWrong(show) ? `${ends} WRONG, see ${dir}` : `${ends} all well`);
    if (!isWrong(show)) await rm(dir, { recursive: true });
    return show;
  }
}

/** Whether something went wrong, besides that a moment did not come. */
export const isWrong = ({ played: { troubles, ways } }: Show): boolean =>
  troubles.length > 0 || ways.some(({ findings }) => findings.length > 0);
