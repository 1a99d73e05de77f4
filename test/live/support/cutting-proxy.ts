import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

/** Stands between a client and a server, and can lose an answer as a broken network does. */
export interface CuttingProxy {
  readonly url: string;
  /**
   * Lets the next request that contains `text` through, and cuts every connection when its answer
   * comes. Resolves then. Nobody gets through until `mend`.
   */
  loseAnswerTo(text: string): Promise<void>;
  mend(): void;
  close(): Promise<void>;
}

export async function startCuttingProxy(targetPort: number): Promise<CuttingProxy> {
  const sockets = new Set<Socket>();
  let isBroken = false;
  let armed: { readonly text: string; readonly cut: () => void } | undefined;

  const keep = (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => sockets.delete(socket));
  };
  const cutAll = () => {
    for (const socket of sockets) socket.destroy();
  };

  const server = createServer((client) => {
    keep(client);
    if (isBroken) {
      client.destroy();
      return;
    }
    const target = connect(targetPort, '127.0.0.1');
    keep(target);
    let isLast = false;
    client.on('data', (bytes) => {
      isLast ||= armed !== undefined && bytes.includes(armed.text);
      target.write(bytes);
    });
    target.on('data', (bytes) => {
      if (!isLast) {
        client.write(bytes);
        return;
      }
      isBroken = true;
      cutAll();
      armed?.cut();
    });
    client.on('close', () => target.destroy());
    target.on('close', () => client.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port was given');
  return {
    url: `http://127.0.0.1:${address.port}`,
    loseAnswerTo: (text) => new Promise((cut) => (armed = { text, cut })),
    mend() {
      armed = undefined;
      isBroken = false;
    },
    async close() {
      cutAll();
      server.close();
      await once(server, 'close');
    },
  };
}
