import { parseArgs } from 'node:util';
import { networks } from '../../../bridges/index.ts';
import { composeBridge, openParts } from '../../../src/app.ts';
import { processIo } from '../../../src/cli/io.ts';
import { runCommand } from '../../../src/cli/run.ts';
import type { AdapterRegistry } from '../../../src/config/index.ts';
import { Calls, type Counts, type Moment } from './calls.ts';
import { bridgeRules } from './rules.ts';
import { watch } from './watch.ts';

/**
 * The bridge as its users run it, but that it kills itself at a moment, and counts its calls.
 *
 * `--config FILE --moment JSON`. When a scene begins it is sent when to end in it, and answers, once it
 * is at rest, with the calls of the scene before; with those of the last one when it stops.
 */
const string = { type: 'string' } as const;
const { values } = parseArgs({ options: { config: string, moment: string } });
const moment: Moment | undefined = values.moment ? JSON.parse(values.moment) : undefined;
const calls = new Calls(moment, () => process.kill(process.pid, 'SIGKILL'));
const rules = bridgeRules(calls);

const adapters: AdapterRegistry = Object.fromEntries(
  Object.entries(networks).map(([name, load]) => [
    name,
    async () => watch(await load(), 'adapter', rules),
  ]),
);

// Until it is composed it is not at rest.
const composed = calls.begins('program.compose');
const run = runCommand(async (options) => {
  const parts = await openParts(options);
  const storage = watch(parts.storage, 'storage', rules);
  const matrix = watch(parts.matrix, 'matrix', rules);
  const bridge = await composeBridge({ ...parts, storage, matrix });
  composed();
  return watch(bridge, 'bridge', rules);
});

const tell = (counts: Counts) => new Promise((sent) => process.send?.(counts, sent));

process.on('message', (last: Moment | null) => {
  void calls.rest().then(() => tell(calls.turn(last ?? undefined)));
});
process.on('disconnect', () => process.exit(1));

const context = { io: processIo(), adapters, executable: process.argv[1] ?? '' };
const code = await run.run(context, { args: [], options: { config: values.config } });
await tell(calls.turn(undefined));
process.exit(code);
