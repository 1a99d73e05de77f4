import type { Command } from './command.ts';
import { configCheck } from './config-check.ts';
import { configInit } from './config-init.ts';
import { deadLettersCommand } from './dead-letters.ts';
import { doctorCommand } from './doctor.ts';
import { drainCommand } from './drain.ts';
import { killCommand } from './kill.ts';
import { discardCommand, retryCommand } from './mend.ts';
import { playgroundCommand } from './playground.ts';
import { queueCommand } from './queue.ts';
import { reapCommand } from './reap.ts';
import { registrationCommand } from './registration.ts';
import { reloadCommand } from './reload.ts';
import { runCommand } from './run.ts';
import { statusCommand } from './status.ts';
import { userCommand } from './user.ts';
import { versionCommand } from './version.ts';

/** Every command. What takes long to load is loaded by the one that needs it. */
export const commands: readonly Command[] = [
  runCommand(async (options) => (await import('../app.ts')).createBridge(options)),
  playgroundCommand,
  registrationCommand,
  configInit,
  configCheck,
  doctorCommand,
  statusCommand,
  userCommand,
  killCommand,
  reapCommand,
  drainCommand,
  reloadCommand,
  queueCommand,
  deadLettersCommand,
  retryCommand,
  discardCommand,
  versionCommand,
];
