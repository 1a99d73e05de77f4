import { parseArgs } from 'node:util';
import { oneOf, wholeNumber } from '../options.ts';

const suites = ['mls10/1', 'e2b/1'] as const;
export type Suite = (typeof suites)[number];
const homeservers = ['dev', 'synapse'] as const;

export interface GatekeeperOptions {
  /** How often the bridge is killed, in each suite. */
  readonly kills: number;
  readonly suites: readonly Suite[];
  readonly homeserver: (typeof homeservers)[number];
  readonly seed: number;
  /** Keep the data also where all went well. */
  readonly keep: boolean;
}

export const usage = `npm run test:gatekeeper-crash -- [options]

Kills the bridge, and the gatekeeper at every tenth kill, while people of both sides talk in private over it, and lets
the clients over there and the homeserver's log judge.

  --kills N       how often, in each suite (10)
  --suite X       only in this one: ${suites.join(', ')}
  --homeserver X  ${homeservers.join(', ')} (dev)
  --seed S        repeats the random choices of an earlier run
  --keep          keeps the data folder also where all went well`;

/** @throws {Error} with what is wrong, for whoever typed it. */
export function readOptions(args: readonly string[]): GatekeeperOptions {
  const [string, boolean] = [{ type: 'string' }, { type: 'boolean' }] as const;
  const { values } = parseArgs({
    args: [...args],
    options: { kills: string, suite: string, homeserver: string, seed: string, keep: boolean },
  });
  const { suite, keep = false } = values;
  return {
    kills: wholeNumber('--kills', values.kills ?? '10', 1),
    suites: suite === undefined ? suites : [oneOf(suites, '--suite', suite)],
    homeserver: oneOf(homeservers, '--homeserver', values.homeserver ?? 'dev'),
    seed: wholeNumber('--seed', values.seed ?? String(Date.now() % 1_000_000), 0),
    keep,
  };
}
