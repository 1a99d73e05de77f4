import { join } from 'node:path';
import { built } from './build.ts';
import { freePort } from './free-port.ts';
import { ServerProcess } from './server-process.ts';
import { temporaryDir } from './temporary-dir.ts';

/** A loopback network in a process of its own, on data of its own. */
export async function startLoopbackProcess(
  certainty: string,
): Promise<{ readonly url: string; readonly dir: string; readonly process: ServerProcess }> {
  const dir = await temporaryDir('network');
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const server = new ServerProcess({
    program: process.execPath,
    args: [
      await built('src/testing/loopback-network/main.js'),
      ...['--port', String(port), '--dir', dir, '--certainty', certainty],
    ],
    logFile: join(dir, 'network.log'),
    isReady: () => fetch(url, { signal: AbortSignal.timeout(1_000) }).then(() => true),
  });
  await server.start();
  return { url, dir, process: server };
}
