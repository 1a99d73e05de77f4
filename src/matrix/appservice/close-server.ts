import { once } from 'node:events';
import type { Server } from 'node:http';
import type { Socket } from 'node:net';

/** How long `close` waits for what is under way. */
const CLOSE_MS = 10_000;

/**
 * Ends a server: it takes no more requests, and those that run may end, for ten seconds at most. Connections on
 * which nothing was asked yet do not count, though Node takes them for busy: browsers open some ahead.
 *
 * @param server that does not listen yet.
 */
export function closing(server: Server): () => Promise<void> {
  const unused = new Set<Socket>();
  server.on('connection', (socket) => {
    unused.add(socket);
    socket.once('close', () => unused.delete(socket));
  });
  server.on('request', ({ socket }) => unused.delete(socket));
  return async () => {
    if (!server.listening) return;
    const closed = once(server, 'close');
    server.close();
    server.closeIdleConnections();
    for (const socket of unused) socket.destroy();
    const giveUp = setTimeout(() => server.closeAllConnections(), CLOSE_MS);
    await closed;
    clearTimeout(giveUp);
  };
}
