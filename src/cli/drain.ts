import { setTimeout as wait } from 'node:timers/promises';
import { type BridgeConfig, storagePaths } from '../config/index.ts';
import { askBridge } from '../operator/ask.ts';
import type { Amount } from '../ports/journal.ts';
import { type Command, configFlag, type Input, UsageError } from './command.ts';
import { askRunning } from './running.ts';
import { settings } from './settings.ts';
import { withRepairs } from './storage.ts';

const LOOK_MS = 300;

/** Has the bridge that runs take nothing new, get over what waits, and end. Tells how far it is. */
export const drainCommand: Command = {
  name: 'drain',
  summary: 'Have the bridge that runs get over what waits, and end',
  flags: [
    configFlag,
    {
      flags: '--deadline <seconds>',
      description: 'it ends after so long in any case (without it: bridge.drainMs of the config)',
    },
  ],
  async run(context, input) {
    const config = await settings(context, input);
    const deadlineMs = deadlineOf(input) ?? config.bridge.drainMs;
    await askRunning(config, 'drain', { deadlineMs });
    await watch(config, context.io.out);
    const left = await withRepairs(context, input, (repairs) => repairs.amounts());
    const isLeft = left.some(({ waiting }) => waiting > 0);
    context.io.out(`The bridge has ended. ${waits(left)}${isLeft ? ' until its next start' : ''}.`);
    return 0;
  },
};

function deadlineOf({ options }: Input): number | undefined {
  const given = options['deadline'];
  if (given === undefined) return undefined;
  const seconds = Number(given);
  if (given !== '' && seconds >= 0 && Number.isFinite(seconds)) return Math.round(seconds * 1_000);
  throw new UsageError(`--deadline takes a number of seconds, not ${given}`);
}

/** Until nobody answers any more. */
async function watch(config: BridgeConfig, out: (line: string) => void): Promise<void> {
  let said = '';
  for (;;) {
    const state = await askBridge(storagePaths(config).door, 'state');
    if (state === undefined) return;
    const line = `${waits((state as { readonly amounts: readonly Amount[] }).amounts)}.`;
    if (line !== said) out(line);
    said = line;
    await wait(LOOK_MS);
  }
}

/** `3 to irc and 1 from there wait`. */
function waits(amounts: readonly Amount[]): string {
  const parts = amounts
    .filter(({ waiting }) => waiting > 0)
    .map(({ network, direction, waiting }) =>
      direction === 'to_network' ? `${waiting} to ${network}` : `${waiting} from ${network}`,
    );
  return parts.length === 0 ? 'Nothing waits' : `Waiting: ${parts.join(', ')}`;
}
