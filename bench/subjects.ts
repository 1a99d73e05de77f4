import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** The name that stands in tables and on the command line. */
export type SubjectName =
  | 'drawbridge'
  | 'durable floor'
  | 'bare floor'
  | 'matrix-appservice-bridge'
  | 'matrix-bot-sdk';

export interface Subject {
  readonly name: SubjectName;
  /** Its program as built, and what it is started with. */
  readonly program: string;
  readonly args: readonly string[];
  /** Its libraries must be installed first. */
  readonly isPeer: boolean;
}

const of = (name: SubjectName, program: string, args: readonly string[] = []): Subject => ({
  name,
  program: join('.cache/build/bench', program),
  args,
  isPeer: program.startsWith('peers/'),
});

export const subjects: readonly Subject[] = [
  of('drawbridge', 'ours/main.js'),
  of('durable floor', 'floor/main.js', ['--durable']),
  of('bare floor', 'floor/main.js'),
  of('matrix-appservice-bridge', 'peers/matrix-appservice-bridge.js'),
  of('matrix-bot-sdk', 'peers/matrix-bot-sdk.js'),
];

export const peersAreInstalled = (): boolean =>
  existsSync('bench/peers/node_modules/matrix-appservice-bridge');
