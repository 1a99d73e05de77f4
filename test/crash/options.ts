import { parseArgs } from 'node:util';

/** What a network makes of the key that the bridge gives to a message. */
export type Certainty = 'drops-repeats' | 'echoes' | 'look-up' | 'nothing';

export const certainties: readonly Certainty[] = ['drops-repeats', 'echoes', 'look-up', 'nothing'];

/** The homeserver of a run: the dev homeserver, the same with a memory like Synapse's, or Synapse. */
export type HomeserverKind = 'dev' | 'forgetful' | 'synapse';

const homeservers: readonly HomeserverKind[] = ['dev', 'forgetful', 'synapse'];

export interface Options {
  /** How often the bridge is killed, over all certainties. */
  readonly kills: number;
  readonly certainties: readonly Certainty[];
  readonly homeserver: HomeserverKind;
  readonly seed: number;
  /** Let so many messages wait for each of the two servers instead. */
  readonly backlog?: number;
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
  --homeserver X ${homeservers.join(', ')} (dev): the latter two forget, when they are killed, what
                 they had not pushed
  --seed S       repeats the random choices of an earlier run
  --backlog N    has N messages wait for each of the two servers instead, while it is away
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
      ...{ kills: string, certainty: string, homeserver: string, seed: string },
      ...{ backlog: string, sample: string, part: string, only: string },
      ...{ keep: boolean, points: boolean },
    },
  });
  const { points = false, keep = false, certainty, homeserver = 'dev' } = values;
  const { backlog, sample, part, only } = values;
  if (!points && (sample ?? part ?? only) !== undefined)
    throw new Error('--sample, --part and --only choose among --points');
  if (points && homeserver !== 'dev') throw new Error('--points has a homeserver of its own');
  return {
    kills: wholeNumber('--kills', values.kills ?? '40', 1),
    certainties:
      certainty === undefined ? certainties : [oneOf(certainties, '--certainty', certainty)],
    homeserver: oneOf(homeservers, '--homeserver', homeserver),
    seed: wholeNumber('--seed', values.seed ?? String(Date.now() % 1_000_000), 0),
    ...{ keep, points },
    ...(backlog !== undefined && { backlog: wholeNumber('--backlog', backlog, 1) }),
    ...(sample !== undefined && { sample: wholeNumber('--sample', sample, 1) }),
    ...(part !== undefined && { part: partOf(part) }),
    ...(only !== undefined && { only }),
  };
}

export function oneOf<T extends string>(all: readonly T[], flag: string, text: string): T {
  const found = all.find((each) => each === text);
  if (found === undefined) throw new Error(`${flag}: there is no "${text}"`);
  return found;
}

function partOf(text: string): Part {
  const [nth = '', of = '', ...more] = text.split('/');
  const part = { nth: wholeNumber('--part', nth, 1), of: wholeNumber('--part', of, 1) };
  if (part.nth <= part.of && more.length === 0) return part;
  throw new Error(`--part: expected something like 2/4, not "${text}"`);
}

export function wholeNumber(flag: string, text: string, least: number): number {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value >= least) return value;
  throw new Error(`${flag}: expected a whole number from ${least} on, not "${text}"`);
}
