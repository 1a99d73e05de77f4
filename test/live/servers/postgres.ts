import { chown, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { freePort } from '../support/free-port.ts';
import { ServerProcess } from '../support/server-process.ts';
import { temporaryDir } from '../support/temporary-dir.ts';
import { libraryPath } from './debian.ts';
import { run } from './run.ts';

/** A real PostgreSQL of its own, on this machine only, that asks nobody for a password. */
export interface PostgresServer {
  readonly url: string;
  readonly process: ServerProcess;
}

/** It refuses to run as root: then it is nobody's. */
const NOBODY = 65_534;
const asNobody = process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {};

export async function startPostgres(root: string): Promise<PostgresServer> {
  const dir = await temporaryDir('postgres');
  const data = join(dir, 'data');
  await mkdir(data);
  if (asNobody.uid !== undefined) await chown(data, NOBODY, NOBODY);
  const bin = (name: string) => join(root, 'usr/lib/postgresql/15/bin', name);
  const env = { LD_LIBRARY_PATH: await libraryPath(root) };
  const wanted = ['-D', data, '-U', 'old', '--auth=trust', '--no-sync', '-E', 'UTF8'];
  await run(bin('initdb'), [...wanted, '--locale=C'], { env, ...asNobody });
  const port = await freePort();
  const server = new ServerProcess({
    program: bin('postgres'),
    args: ['-D', data, '-h', '127.0.0.1', '-p', `${port}`, '-k', '', '-F'],
    env,
    ...asNobody,
    logFile: join(dir, 'printed.log'),
    isReady: async () =>
      (await run(bin('pg_isready'), ['-h', '127.0.0.1', '-p', `${port}`], { env })) !== '',
  });
  await server.start();
  return { url: `postgres://old@127.0.0.1:${port}/postgres`, process: server };
}
