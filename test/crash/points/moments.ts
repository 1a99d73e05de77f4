import type { Chance } from '../chance.ts';
import type { Moment } from './calls.ts';

export type Counts = Readonly<Record<string, number>>;

export const nameOf = ({ point, nth, when }: Moment): string => `${when} ${point}#${nth}`;

/**
 * Only look: between two of them nothing changes that a crash could leave half done. So of each the
 * first and the last stand for all.
 */
const looks =
  /^(links|(portals|ghosts|voices)\.(by|of|is|joined)|(host\.|voice\.)?state\.(get|list)|journal\.(?!commit)|matrix\.(member|joinedMembers|isEncrypted|backwards|roomOf|maySet)|network\.(chat|user|resolve)|host\.voice)/;

/** Every moment that comes in each of several runs of the same script. */
export function momentsOf(runs: readonly Counts[]): readonly Moment[] {
  const points = Object.keys(runs[0] ?? {}).toSorted();
  return points.flatMap((point) => {
    const count = Math.min(...runs.map((counts) => counts[point] ?? 0));
    const all = Array.from({ length: count }, (_, n) => n + 1);
    const nths = looks.test(point) ? [...new Set(all.slice(0, 1).concat(all.slice(-1)))] : all;
    return nths.flatMap((nth): Moment[] => [
      { point, nth, when: 'before' },
      { point, nth, when: 'after' },
    ]);
  });
}

/**
 * Where what recovers from a crash is struck by another: in the midst of a long message, and after
 * something was said in the room and not yet written down. The first moments of what then happens.
 */
export const crashes: readonly Moment[] = [
  { point: 'session.message.send', nth: 3, when: 'after' },
  { point: 'matrix.send(message)', nth: 1, when: 'after' },
];
const recovers =
  /^(journal\.commit|session\.(message|join)|network\.session|host\.emit|matrix\.(send|backwards|join))/;

export const recoveriesOf = (runs: readonly Counts[]): readonly Moment[] =>
  momentsOf(runs).filter(({ point, nth }) => nth === 1 && recovers.test(point));

/** So many of them by chance, none of a point twice before each point has had its turn. */
export function sample<T>(
  all: readonly T[],
  pointOf: (one: T) => string,
  of: { count: number; chance: Chance },
) {
  const groups = new Map<string, T[]>();
  for (const one of shuffled(all, of.chance)) {
    const point = pointOf(one);
    groups.set(point, [...(groups.get(point) ?? []), one]);
  }
  const rounds = Math.max(0, ...[...groups.values()].map(({ length }) => length));
  const turns = Array.from({ length: rounds }, (_, turn) =>
    shuffled(
      [...groups.values()].flatMap((group) => group.slice(turn, turn + 1)),
      of.chance,
    ),
  );
  return turns.flat().slice(0, of.count);
}

const shuffled = <T>(all: readonly T[], chance: Chance): readonly T[] =>
  all
    .map((one) => ({ one, place: chance.fraction() }))
    .toSorted((a, b) => a.place - b.place)
    .map(({ one }) => one);
