import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from '../servers/run.ts';
import { freePort } from './free-port.ts';
import { memoryFolder } from './memory-folder.ts';
import { ServerProcess } from './server-process.ts';
import { type SynapseSettings, synapseConfig, synapseLogConfig } from './synapse-config.ts';
import { temporaryDir } from './temporary-dir.ts';

export interface SynapseOptions extends Partial<SynapseSettings> {
  /** Where `provide('synapse')` has put it. */
  readonly root: string;
}

/** A Synapse of its own: an own database, an own port, and no word with anybody else. */
export interface Synapse {
  readonly url: string;
  readonly serverName: string;
  readonly dir: string;
  readonly process: ServerProcess;
}

/** Starts a Synapse. The registrations must have been written: it reads them at its start only. */
export async function startSynapse(options: SynapseOptions): Promise<Synapse> {
  const settings = {
    dir: options.dir ?? (await temporaryDir('synapse', memoryFolder())),
    port: options.port ?? (await freePort()),
    serverName: options.serverName ?? 'hs.test',
    registrations: options.registrations ?? [],
    limited: options.limited ?? false,
  };
  const config = join(settings.dir, 'homeserver.yaml');
  await writeFile(config, synapseConfig(settings));
  await writeFile(join(settings.dir, 'log.yaml'), synapseLogConfig);
  const program = join(options.root, 'bin/python');
  const args = ['-m', 'synapse.app.homeserver', '-c', config];
  await run(program, [...args, '--generate-keys'], { cwd: settings.dir });
  const url = `http://127.0.0.1:${settings.port}`;
  const server = new ServerProcess({
    program,
    args,
    cwd: settings.dir,
    logFile: join(settings.dir, 'synapse.log'),
    isReady: async () => (await fetch(`${url}/_matrix/client/versions`)).ok,
  });
  await server.start();
  return { url, serverName: settings.serverName, dir: settings.dir, process: server };
}
