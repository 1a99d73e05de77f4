import { join } from 'node:path';
import { built } from './build.ts';
import { freePort } from './free-port.ts';
import { ServerProcess } from './server-process.ts';
import { temporaryDir } from './temporary-dir.ts';

/** A dev homeserver in a process of its own, on data of its own. */
export async function startDevHomeserverProcess(options: {
  readonly serverName: string;
  readonly port?: number;
  readonly registrationFile: string;
  /** When it is killed, it forgets what it had queued for the bridge, as Synapse does. */
  readonly losesQueue?: boolean;
  readonly maxUploadBytes?: number;
}): Promise<{ readonly url: string; readonly port: number; readonly process: ServerProcess }> {
  const dir = await temporaryDir('homeserver');
  const port = options.port ?? (await freePort());
  const url = `http://127.0.0.1:${port}`;
  const server = new ServerProcess({
    program: process.execPath,
    args: [
      await built('src/testing/dev-homeserver/main.js'),
      ...['--port', String(port), '--dir', dir],
      ...['--server-name', options.serverName, '--registration', options.registrationFile],
      ...(options.losesQueue ? ['--loses-queue'] : []),
      ...(options.maxUploadBytes ? ['--max-upload-bytes', String(options.maxUploadBytes)] : []),
    ],
    logFile: join(dir, 'homeserver.log'),
    isReady: async () => (await fetch(`${url}/_matrix/client/versions`)).ok,
  });
  await server.start();
  return { url, port, process: server };
}
