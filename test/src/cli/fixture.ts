import { runCli } from '../../../src/cli/program.ts';
import type { AdapterRegistry, Environment } from '../../../src/config/index.ts';
import { registry } from '../config/fixture.ts';

export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs the program as a shell would, in this folder. */
export async function run(
  cwd: string,
  args: readonly string[],
  {
    env = {},
    stop,
    adapters = registry,
  }: { env?: Environment; stop?: Promise<void>; adapters?: AdapterRegistry } = {},
): Promise<Ran> {
  const out: string[] = [];
  const err: string[] = [];
  const code = await runCli(args, {
    adapters,
    executable: 'none',
    io: {
      out: (line) => void out.push(line),
      err: (line) => void err.push(line),
      env,
      cwd,
      onReload: () => () => {},
      onStop(listener) {
        void stop?.then(listener);
        return () => {};
      },
    },
  });
  return { code, out: out.join('\n'), err: err.join('\n') };
}
