import { createServer } from 'node:net';

const HOST = '127.0.0.1';

/** The port that the page is on, unless it is taken or another is asked for. */
export const PAGE_PORT = 8420;
const PAGE_PORTS_TRIED = 20;

/** A port somebody asked for by its number is in use. */
export class PortTaken extends Error {
  override readonly name = 'PortTaken';

  constructor(port: number) {
    super(
      `Port ${port} on ${HOST} is in use by another program. Choose another one with --port, or leave ` +
        '--port out and a free one is taken.',
    );
  }
}

/** Whether a server could listen there at this moment. 0: on any port. Gives the port, if so. */
export function tryPort(port: number): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE' || error.code === 'EACCES') resolve(undefined);
      else reject(error);
    });
    server.listen({ port, host: HOST, exclusive: true }, () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' ? address?.port : undefined));
    });
  });
}

/** The port it had the last time if that is free, else another. Never one of `others`. */
export async function keepPort(
  last: number | undefined,
  others: Iterable<number>,
): Promise<number> {
  const avoid = new Set(others);
  const kept = last === undefined || avoid.has(last) ? undefined : await tryPort(last);
  if (kept !== undefined) return kept;
  for (;;) {
    const free = await tryPort(0);
    if (free !== undefined && !avoid.has(free)) return free;
  }
}

/** The page's: the one that was asked for, or the next that is free. @throws {PortTaken} */
export async function pagePort(asked: number | undefined): Promise<number> {
  if (asked !== undefined) {
    const port = await tryPort(asked);
    if (port === undefined) throw new PortTaken(asked);
    return port;
  }
  for (let port = PAGE_PORT; port < PAGE_PORT + PAGE_PORTS_TRIED; port++) {
    if ((await tryPort(port)) !== undefined) return port;
  }
  return keepPort(undefined, []);
}
