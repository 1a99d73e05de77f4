import type { AdapterRegistry } from '../config/index.ts';
import type { Io } from './io.ts';

/** 0: done. 1: it failed. 2: somebody has to mend something first: the call, the config, or the database. */
export type ExitCode = 0 | 1 | 2;

/** What every command is given. */
export interface Context {
  readonly io: Io;
  readonly adapters: AdapterRegistry;
  /** The script of this program, to be run again as a process of its own. */
  readonly executable: string;
}

export interface Flag {
  /** As Commander writes it: `--config <file>`. */
  readonly flags: string;
  readonly description: string;
  readonly fallback?: string;
}

export interface Input {
  readonly args: readonly string[];
  readonly options: Readonly<Record<string, string | boolean | undefined>>;
}

/** One command. */
export interface Command {
  /** `config check`: a word, or a group and a word. */
  readonly name: string;
  /** One line for `--help`, without a full stop. */
  readonly summary: string;
  /** Arguments that must be given, by name. */
  readonly needs?: readonly string[];
  /** Arguments after these that may be left out. */
  readonly mayHave?: readonly string[];
  readonly flags?: readonly Flag[];
  run(context: Context, input: Input): Promise<ExitCode>;
}

/** The caller can mend it: said in one line, and the program ends with 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

export const configFlag: Flag = {
  flags: '-c, --config <file>',
  description: 'the config file',
  fallback: 'config.yaml',
};

export const jsonFlag: Flag = { flags: '--json', description: 'print JSON, for programs' };
