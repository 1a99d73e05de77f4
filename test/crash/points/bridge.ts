import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { networks } from '../../../bridges/index.ts';
import { composeBridge, openParts } from '../../../src/app.ts';
import { processIo } from '../../../src/cli/io.ts';
import { runCommand } from '../../../src/cli/run.ts';
import type { AdapterRegistry } from '../../../src/config/index.ts';
import { Calls, type Moment } from './calls.ts';
import { bridgeRules } from './rules.ts';
import { watch } from './watch.ts';

/**
 * The bridge as its users run it, but that it kills itself at a moment, or counts its calls.
 *
 * `--config FILE --moment JSON --calls FILE`
 */
const string = { type: 'string' } as const;
const { values } = parseArgs({ options: { config: string, moment: string, calls: string } });
const moment: Moment | undefined = values.moment ? JSON.parse(values.moment) : undefined;
const calls = new Calls(moment, () => process.kill(process.pid, 'SIGKILL'));
const rules = bridgeRules(calls);

const adapters: AdapterRegistry = Object.fromEntries(
  Object.entries(networks).map(([name, load]) => [
    name,
    async () => watch(await load(), 'adapter', rules),
  ]),
);

const run = runCommand(async (options) => {
  const parts = await openParts(options);
  const storage = watch(parts.storage, 'storage', rules);
  return composeBridge({ ...parts, storage, matrix: watch(parts.matrix, 'matrix', rules) });
});

const context = { io: processIo(), adapters, executable: process.argv[1] ?? '' };
const code = await run.run(context, { args: [], options: { config: values.config } });
if (values.calls !== undefined) writeFileSync(values.calls, JSON.stringify(calls.counts));
process.exit(code);
