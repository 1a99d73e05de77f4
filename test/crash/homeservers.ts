import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { provide } from '../live/servers/provision.ts';
import { built } from '../live/support/build.ts';
import { ServerProcess } from '../live/support/server-process.ts';
import { startSynapse } from '../live/support/synapse.ts';
import { devEvents, type EventLog, synapseEvents } from './event-log.ts';
import type { HomeserverKind } from './options.ts';

export interface HomeserverOptions {
  readonly dir: string;
  readonly port: number;
  readonly serverName: string;
  readonly registrationFile: string;
}

/** A homeserver that runs, as a process that may be killed and held up. */
export interface Homeserver {
  readonly process: ServerProcess;
  readonly events: EventLog;
}

/** `forgetful`: the dev homeserver that loses, as Synapse does, what it had not pushed when it was killed. */
export async function startHomeserver(
  kind: HomeserverKind,
  options: HomeserverOptions,
): Promise<Homeserver> {
  await mkdir(options.dir, { recursive: true });
  return kind === 'synapse' ? synapse(options) : dev(options, kind === 'forgetful');
}

async function synapse({ registrationFile, ...options }: HomeserverOptions): Promise<Homeserver> {
  const part = await provide('synapse');
  if ('missing' in part) throw new Error(`Synapse is missing: ${part.missing}`);
  const its = { ...options, root: part.root, registrations: [registrationFile] };
  const { process } = await startSynapse(its);
  return { process, events: synapseEvents(options.dir) };
}

async function dev(options: HomeserverOptions, losesQueue: boolean): Promise<Homeserver> {
  const { dir, port, serverName, registrationFile } = options;
  const server = new ServerProcess({
    program: process.execPath,
    args: [
      await built('src/testing/dev-homeserver/main.js'),
      ...['--port', String(port), '--dir', dir],
      ...['--server-name', serverName, '--registration', registrationFile],
      ...['--retry-base-ms', '20', ...(losesQueue ? ['--loses-queue'] : [])],
    ],
    logFile: join(dir, 'homeserver.log'),
    isReady: async () => (await fetch(`http://127.0.0.1:${port}/_matrix/client/versions`)).ok,
  });
  await server.start();
  return { process: server, events: devEvents(dir) };
}
