import type { Idle } from '../engine/overseer.ts';
import { roughly, table } from '../util/table.ts';
import { type Command, configFlag, type Input, jsonFlag, UsageError } from './command.ts';
import { askRunning } from './running.ts';
import { settings } from './settings.ts';

const DAY_MS = 24 * 3_600_000;

/** Closes what Matrix users have open and did not use for long. */
export const reapCommand: Command = {
  name: 'reap',
  summary: 'Close identities of Matrix users that were idle for long, until they next speak',
  mayHave: ['network'],
  flags: [
    ...[configFlag, jsonFlag],
    { flags: '--idle-days <days>', description: 'those that had nothing to do for so long' },
    { flags: '--dry-run', description: 'only name them' },
  ],
  async run(context, input) {
    const [network] = input.args;
    const isDry = input.options['dryRun'] === true;
    const asked = { network, isDry, idleMs: idleMsOf(input) };
    const config = await settings(context, input);
    const { idle } = await askRunning<{ readonly idle: readonly Idle[] }>(config, 'reap', asked);
    const { out } = context.io;
    if (input.options['json'] === true) out(JSON.stringify(idle, null, 2));
    else for (const line of lines(idle, isDry)) out(line);
    return 0;
  },
};

function idleMsOf({ options }: Input): number {
  const given = options['idleDays'];
  const days = Number(given);
  if (given !== '' && days > 0 && Number.isFinite(days)) return Math.round(days * DAY_MS);
  throw new UsageError(
    `--idle-days takes a number of days, not ${given === undefined ? 'nothing' : `“${given}”`}`,
  );
}

const lines = (idle: readonly Idle[], isDry: boolean): readonly string[] => [
  ...table(
    ['VOICE', 'IDLE'],
    idle.map(({ voice, idleMs }) => [voice, roughly(idleMs)]),
  ),
  isDry ? `To be closed: ${idle.length}` : `Closed: ${idle.length}`,
];
