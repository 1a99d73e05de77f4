import { parseArgs } from 'node:util';
import { oneOf, wholeNumber } from '../options.ts';

/** A server with history, one without that echoes, and one with nothing: the three regimes. */
export type IrcKind = 'inspircd-history' | 'inspircd' | 'ngircd';

const kinds: readonly IrcKind[] = ['inspircd-history', 'inspircd', 'ngircd'];

export interface IrcOptions {
  /** How often the bridge is killed, beside each server. */
  readonly kills: number;
  readonly servers: readonly IrcKind[];
  readonly seed: number;
  /** Keep the data also where all went well. */
  readonly keep: boolean;
}

export const usage = `npm run test:irc-crash -- [options]

Kills the bridge, and now and then the IRC server, while people talk over it, and lets an IRC client
and the homeserver's log judge.

  --kills N   how often, beside each server (10)
  --server X  only beside this one: ${kinds.join(', ')}
  --seed S    repeats the random choices of an earlier run
  --keep      keeps the data folder also where all went well`;

/** @throws {Error} with what is wrong, for whoever typed it. */
export function readOptions(args: readonly string[]): IrcOptions {
  const [string, boolean] = [{ type: 'string' }, { type: 'boolean' }] as const;
  const { values } = parseArgs({
    args: [...args],
    options: { kills: string, server: string, seed: string, keep: boolean },
  });
  const { server, keep = false } = values;
  return {
    kills: wholeNumber('--kills', values.kills ?? '10', 1),
    servers: server === undefined ? kinds : [oneOf(kinds, '--server', server)],
    seed: wholeNumber('--seed', values.seed ?? String(Date.now() % 1_000_000), 0),
    keep,
  };
}
