import { parseArgs } from 'node:util';

/** What a network makes of the key that the bridge gives to a message. */
export type Certainty = 'drops-repeats' | 'echoes' | 'look-up' | 'nothing';

export const certainties: readonly Certainty[] = ['drops-repeats', 'echoes', 'look-up', 'nothing'];

export interface Options {
  /** How often the bridge is killed, over all certainties. */
  readonly kills: number;
  readonly certainties: readonly Certainty[];
  readonly seed: number;
  /** End the bridge at every crash point instead, once each. */
  readonly points: boolean;
  /** Only at so many of them, by chance. Absent: at all. */
  readonly sample?: number;
  /** Only at one of so many parts of them. Absent: at all. */
  readonly part?: Part;
  /** Only at those whose name has this in it. Absent: at all. */
  readonly only?: string;
  /** Keep the data also where all went well. */
  readonly keep: boolean;
}

/** The second of four: `{ nth: 2, of: 4 }`. */
export interface Part {
  readonly nth: number;
  readonly of: number;
}

export const usage = `npm run test:crash -- [options]

Kills the bridge while people talk over it, and lets the logs of both sides judge.

  --kills N      how often, over all certainties (40)
  --certainty X  only with a network of this kind: ${certainties.join(', ')}
  --seed S       repeats the random choices of an earlier run
  --points       ends it at every call of storage, homeserver and network instead, once each
  --sample N     with --points: at so many of them, by chance
  --part K/N     with --points: at the kth of n parts of them
  --only TEXT    with --points: at those whose name has this in it
  --keep         keeps the data folder also where all went well`;

/** @throws {Error} with what is wrong, for whoever typed it. */
export function readOptions(args: readonly string[]): Options {
  const [string, boolean] = [{ type: 'string' }, { type: 'boolean' }] as const;
  const { values } = parseArgs({
    args: [...args],
    options: {
      ...{ kills: string, certainty: string, seed: string },
      ...{ sample: string, part: string, only: string },
      ...{ keep: boolean, points: boolean },
    },
  });
  const points = values.points ?? false;
  if (!points && (values.sample ?? values.part ?? values.only) !== undefined)
    throw new Error('--sample, --part and --only choose among --points');
  const chosen = certainties.filter((each) => each === (values.certainty ?? each));
  if (chosen.length === 0) throw new Error(`--certainty: there is no "${values.certainty}"`);
  return {
    kills: wholeNumber('--kills', values.kills ?? '40', 1),
    certainties: chosen,
    seed: wholeNumber('--seed', values.seed ?? String(Date.now() % 1_000_000), 0),
    keep: values.keep ?? false,
    points,
    ...(values.sample !== undefined && { sample: wholeNumber('--sample', values.sample, 1) }),
    ...(values.part !== undefined && { part: partOf(values.part) }),
    ...(values.only !== undefined && { only: values.only }),
  };
}

function partOf(text: string): Part {
  const [nth = '', of = '', ...more] = text.split('/');
  const part = { nth: wholeNumber('--part', nth, 1), of: wholeNumber('--part', of, 1) };
  if (part.nth <= part.of && more.length === 0) return part;
  throw new Error(`--part: expected something like 2/4, not "${text}"`);
}

function wholeNumber(flag: string, text: string, least: number): number {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value >= least) return value;
  throw new Error(`${flag}: expected a whole number from ${least} on, not "${text}"`);
}
