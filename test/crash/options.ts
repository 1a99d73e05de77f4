import { parseArgs } from 'node:util';

/** What a network makes of the key that the bridge gives to a message. */
export type Certainty = 'drops-repeats' | 'echoes' | 'look-up' | 'nothing';

export const certainties: readonly Certainty[] = ['drops-repeats', 'echoes', 'look-up', 'nothing'];

export interface Options {
  /** How often the bridge is killed, over all certainties. */
  readonly kills: number;
  readonly certainties: readonly Certainty[];
  readonly seed: number;
  /** Keep the data also where all went well. */
  readonly keep: boolean;
}

export const usage = `npm run test:crash -- [options]

Kills the bridge while people talk over it, and lets the logs of both sides judge.

  --kills N      how often, over all certainties (40)
  --certainty X  only with a network of this kind: ${certainties.join(', ')}
  --seed S       repeats the random choices of an earlier run
  --keep         keeps the data folder also where all went well`;

/** @throws {Error} with what is wrong, for whoever typed it. */
export function readOptions(args: readonly string[]): Options {
  const string = { type: 'string' } as const;
  const { values } = parseArgs({
    args: [...args],
    options: { kills: string, certainty: string, seed: string, keep: { type: 'boolean' } },
  });
  const chosen = certainties.filter((each) => each === (values.certainty ?? each));
  if (chosen.length === 0) throw new Error(`--certainty: there is no "${values.certainty}"`);
  return {
    kills: wholeNumber('--kills', values.kills ?? '40', 1),
    certainties: chosen,
    seed: wholeNumber('--seed', values.seed ?? String(Date.now() % 1_000_000), 0),
    keep: values.keep ?? false,
  };
}

function wholeNumber(flag: string, text: string, least: number): number {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value >= least) return value;
  throw new Error(`${flag}: expected a whole number from ${least} on, not "${text}"`);
}
