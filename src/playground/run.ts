import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { endOrphan } from './bridge-process.ts';
import { Closers } from './closers.ts';
import { FolderTaken, lockFolder } from './lock.ts';
import { openInBrowser } from './open-in-browser.ts';
import { openParts, type PartsOptions } from './parts.ts';
import { PortTaken, pagePort } from './ports.ts';
import { startPageServer } from './server/page-server.ts';
import { farewell, welcome } from './words.ts';

export interface PlaygroundOptions extends PartsOptions {
  /** Of the page. Absent: 8420, or the next that is free. */
  readonly port?: number;
  /** Shows the page in the browser. */
  readonly open?: boolean;
}

/** Where it says how it goes. */
export interface PlaygroundIo {
  out(line: string): void;
  err(line: string): void;
}

/**
 * Runs the playground until `signal` aborts: a homeserver, a small chat network, the real bridge
 * between them as a process of its own, and a page that shows them.
 *
 * Gives the exit code. 0: it was stopped. 1: something failed. 2: the folder or the port is taken.
 */
export async function runPlayground(
  options: PlaygroundOptions,
  io: PlaygroundIo,
  signal: AbortSignal,
): Promise<0 | 1 | 2> {
  const closers = new Closers();
  try {
    return await play({ ...options, dir: resolve(options.dir) }, io, { signal, closers });
  } catch (error) {
    if (signal.aborted) return 0;
    io.err(`drawbridge playground: ${error instanceof Error ? error.message : String(error)}`);
    return error instanceof FolderTaken || error instanceof PortTaken ? 2 : 1;
  } finally {
    for (const failure of await closers.closeAll()) io.err(`While closing: ${failure.message}`);
  }
}

async function play(
  options: PlaygroundOptions,
  io: PlaygroundIo,
  { signal, closers }: { readonly signal: AbortSignal; readonly closers: Closers },
): Promise<0> {
  const { dir } = options;
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  closers.add(lockFolder(dir));
  const orphan = await endOrphan(dir);
  if (orphan !== undefined)
    io.out(`Ended a bridge that an earlier playground had left (${orphan}).`);
  const port = await pagePort(options.port);

  const { bridge, show, isFirst } = await openParts(options, { reserved: port, signal, closers });
  const token = randomBytes(24).toString('base64url');
  const page = await startPageServer({ port, token, stage: show, live: show.live });
  closers.add(() => page.close());
  const url = `http://127.0.0.1:${page.port}/`;
  const starting = bridge.start();
  closers.add(() => bridge.close());
  closers.add(() => show.close());
  for (const line of welcome({ url, dir, isFirst })) io.out(line);
  if (options.open === true) openInBrowser(url);
  await Promise.race([starting, aborted(signal)]);
  const { is, pid, lastLines } = bridge.standing;
  if (is === 'running') io.out(`The bridge is running (process ${pid}).`);
  else if (!signal.aborted) for (const line of ['The bridge ended:', ...lastLines]) io.err(line);
  await aborted(signal);
  io.out(farewell(dir));
  return 0;
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((done) => {
    if (signal.aborted) done();
    else signal.addEventListener('abort', () => done(), { once: true });
  });
}
