import { Chance } from '../chance.ts';
import type { Certainty, Options } from '../options.ts';
import type { Moment } from './calls.ts';
import { grouped } from './grouped.ts';
import { crashes, momentsOf, nameOf, recoveriesOf } from './moments.ts';
import type { Ends, Played } from './play.ts';

/** Ends of the bridge in one scene: its lives there, one after the other. Without any it is a rehearsal. */
export interface Trial {
  readonly certainty: Certainty;
  readonly scene: string;
  readonly moments: readonly Moment[];
}

/** Trials that are made in one play, each in a scene of its own. */
export interface Bill {
  readonly certainty: Certainty;
  readonly trials: readonly Trial[];
}

export const trialName = ({ certainty, scene, moments }: Trial): string =>
  [`${certainty}: ${scene}:`, moments.map(nameOf).join(', then ')].join(' ');

export const pointOf = ({ moments }: Trial): string =>
  moments.map(({ point }) => point).join(', then ');

export const endsOf = ({ trials }: Bill): Ends =>
  new Map(trials.map(({ scene, moments }) => [scene, moments]));

export const billOf = (trials: readonly Trial[]): Bill => ({
  certainty: trials[0]?.certainty ?? 'nothing',
  trials,
});

/** Plays that only count: some without an end of the bridge, some with one to recover from. */
export const rehearsals = (certainty: Certainty): readonly Bill[] => [
  { certainty, trials: [] },
  ...crashes.map(({ scene, ...moment }) => ({
    certainty,
    trials: [{ certainty, scene, moments: [moment] }],
  })),
];

/** Every trial that the rehearsals of one bill, all alike, give rise to. */
export function trialsOf({ certainty, trials }: Bill, rehearsed: readonly Played[]): Trial[] {
  const calls = rehearsed.map((played) => played.calls);
  const [crash] = trials;
  if (crash)
    return recoveriesOf(calls, crash.scene).map((moment) => ({
      ...crash,
      moments: [...crash.moments, moment],
    }));
  return momentsOf(calls).map(({ scene, ...moment }) => ({ certainty, scene, moments: [moment] }));
}

/** Those that were asked for. A sample takes one of each scene before any second, so that few plays hold it. */
export function chosen(
  all: readonly Trial[],
  { sample, part, only = '', seed }: Pick<Options, 'sample' | 'part' | 'only' | 'seed'>,
): readonly Trial[] {
  const named = all.filter((trial) => trialName(trial).includes(only));
  const parted = part ? named.filter((_, index) => index % part.of === part.nth - 1) : named;
  if (sample === undefined) return parted;
  const ofScenes = [...grouped(shuffled(parted, new Chance(seed)), sceneOf).values()];
  return inTurns(ofScenes).flat().slice(0, sample);
}

const sceneOf = ({ certainty, scene }: Trial) => `${certainty} ${scene}`;

/** The first of each, then the second of each that has one, and so on. */
function inTurns<T>(lists: readonly (readonly T[])[]): readonly (readonly T[])[] {
  const count = Math.max(0, ...lists.map(({ length }) => length));
  return Array.from({ length: count }, (_, n) => lists.flatMap((list) => list.slice(n, n + 1)));
}

const shuffled = <T>(all: readonly T[], chance: Chance): readonly T[] =>
  all
    .map((one) => ({ one, place: chance.fraction() }))
    .toSorted((a, b) => a.place - b.place)
    .map(({ one }) => one);

/** As few plays as hold all of these trials: in each the next one of every scene that has some left. */
export const billsOf = (trials: readonly Trial[]): readonly Bill[] =>
  [...grouped(trials, ({ certainty }) => certainty).values()].flatMap((its) =>
    inTurns([...grouped(its, sceneOf).values()]).map(billOf),
  );
