import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { run } from '../servers/run.ts';
import { built } from './build.ts';
import { freePort } from './free-port.ts';
import { ServerProcess } from './server-process.ts';
import { temporaryDir } from './temporary-dir.ts';

/** A network of the bridge's config file. */
export interface NetworkConfig {
  readonly adapter: string;
  readonly voices?: readonly string[];
  readonly portals?: readonly { readonly chat: string; readonly room: string }[];
  readonly options?: unknown;
  readonly [key: string]: unknown;
}

export interface BridgeOptions {
  readonly homeserverUrl: string;
  readonly serverName: string;
  readonly networks: Readonly<Record<string, NetworkConfig>>;
  readonly permissions?: Readonly<Record<string, string>>;
  /** What else the `bridge` section says. */
  readonly more?: Readonly<Record<string, unknown>>;
  readonly dir?: string;
  /** What the executable is started by, such as a tracer. It becomes the executable, or stays in its place. */
  readonly through?: readonly string[];
  readonly nodeArgs?: readonly string[];
}

/** The bridge as its users run it: the built executable with a config file. */
export interface Bridge {
  readonly dir: string;
  readonly url: string;
  /** For the homeserver. It is written before the bridge is started for the first time. */
  readonly registrationFile: string;
  readonly process: ServerProcess;
  /** Changes the networks. The bridge reads it at its next start. */
  configure(networks: BridgeOptions['networks']): Promise<void>;
  /** Runs another command of the executable on the same config, and gives what it printed. */
  command(...args: readonly string[]): Promise<string>;
}

/** How the names of its users and aliases begin. */
export const prefix = 'drawbridge_';

/** Writes the config and the registration of a bridge that is not started yet. */
export async function makeBridge(options: BridgeOptions): Promise<Bridge> {
  const dir = options.dir ?? (await temporaryDir('bridge'));
  await mkdir(dir, { recursive: true });
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const configFile = join(dir, 'config.yaml');
  const registrationFile = join(dir, 'registration.yaml');
  const executable = await built('bridges/main.js');
  const configure = (networks: BridgeOptions['networks']) =>
    writeFile(configFile, configText({ ...options, networks }, port));
  const command = (...args: readonly string[]) =>
    run(process.execPath, [executable, ...args, '--config', configFile]);
  await configure(options.networks);
  await writeFile(registrationFile, await command('registration'), { mode: 0o600 });
  const { through = [], nodeArgs = [] } = options;
  const [program = '', ...args] = [...through, process.execPath, ...nodeArgs, executable];
  const server = new ServerProcess({
    program,
    args: [...args, 'run', '--config', configFile],
    logFile: join(dir, 'bridge.log'),
    // Whatever it answers: it listens only once it can take what the homeserver has for it.
    isReady: () => fetch(url, { signal: AbortSignal.timeout(1000) }).then(() => true),
  });
  return { dir, url, registrationFile, process: server, configure, command };
}

/** What stands in the config file. */
export function configText(options: BridgeOptions, port: number): string {
  return stringify({
    homeserver: { url: options.homeserverUrl, serverName: options.serverName },
    bridge: {
      url: `http://127.0.0.1:${port}`,
      listen: { host: '127.0.0.1', port },
      prefix,
      registrationFile: 'registration.yaml',
      dataDir: './data',
      // Tests talk faster than people.
      userRate: { burst: 100_000, perSecond: 10_000 },
      permissions: options.permissions ?? { '*': 'use' },
      ...options.more,
    },
    log: { level: 'debug' },
    networks: options.networks,
  });
}
