import type { Counts, Moment } from './calls.ts';
import { grouped } from './grouped.ts';
import { firstFromNetwork, longMessage } from './script.ts';

/** A moment in the script. */
export interface Place extends Moment {
  readonly scene: string;
}

/** How often each call was made, scene by scene. */
export type Calls = ReadonlyMap<string, Counts>;

export const nameOf = ({ point, nth, when }: Moment): string => `${when} ${point}#${nth}`;

/**
 * Only look: nothing changes in them, or between two of them, that a crash could leave half done. So
 * before the first and before the last of each stands for all.
 */
const looks =
  /^(links|(portals|ghosts|voices)\.(by|of|is|joined)|(host\.|voice\.)?state\.(get|list)|journal\.(?!commit)|matrix\.(member|joinedMembers|isEncrypted|backwards|roomOf|maySet)|network\.(chat|user|resolve)|host\.voice)/;

/** Every moment that comes in each of several plays of the same script. */
export function momentsOf(plays: readonly Calls[]): readonly Place[] {
  const all = [...(plays[0]?.keys() ?? [])].flatMap((scene) =>
    callsOf(plays.map((calls) => calls.get(scene) ?? {})).map((call) => ({ scene, ...call })),
  );
  const ofPoint = grouped(all, ({ point }) => point);
  return all.flatMap((call): Place[] => {
    const before: Place = { ...call, when: 'before' };
    if (!looks.test(call.point)) return [before, { ...call, when: 'after' }];
    const its = ofPoint.get(call.point);
    return call === its?.[0] || call === its?.at(-1) ? [before] : [];
  });
}

/** Each call that comes in every one of them. */
const callsOf = (plays: readonly Counts[]): readonly Omit<Moment, 'when'>[] =>
  Object.keys(plays[0] ?? {})
    .toSorted()
    .flatMap((point) => {
      const count = Math.min(...plays.map((counts) => counts[point] ?? 0));
      return Array.from({ length: count }, (_, n) => ({ point, nth: n + 1 }));
    });

/**
 * Where what recovers from a crash is struck by another: in the midst of a long message, and after
 * something was said in the room and not yet written down. The first moments of what then happens.
 */
export const crashes: readonly Place[] = [
  { scene: longMessage, point: 'session.message.send', nth: 2, when: 'after' },
  { scene: firstFromNetwork, point: 'matrix.send(message)', nth: 1, when: 'after' },
];
const recovers =
  /^(journal\.commit|session\.(message|join)|network\.session|host\.emit|matrix\.(send|backwards|join))/;

/** What recovers in this scene. */
export const recoveriesOf = (plays: readonly Calls[], scene: string): readonly Moment[] =>
  momentsOf(plays.map((calls) => new Map([[scene, calls.get(scene) ?? {}]])))
    .filter(({ point, nth }) => nth === 1 && recovers.test(point))
    .map(({ scene: _, ...moment }) => moment);
