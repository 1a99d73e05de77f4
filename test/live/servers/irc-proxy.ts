import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/** What happens to the bytes of one direction: they pass, or they are lost. */
type Fate = 'pass' | 'lose';

/** Stands between a client and a server: writes down what the client says, and fails as networks do. */
export class IrcProxy {
  toServer: Fate = 'pass';
  toClient: Fate = 'pass';
  /** Every line that was sent to the server, as a server would cut it. */
  readonly commands: string[] = [];
  readonly #server: Server;
  readonly #pairs = new Set<readonly [Socket, Socket]>();

  private constructor(port: number) {
    this.#server = createServer((client) => this.#pair(client, connect(port, '127.0.0.1')));
  }

  static async start(port: number): Promise<IrcProxy> {
    const proxy = new IrcProxy(port);
    proxy.#server.listen(0, '127.0.0.1');
    await once(proxy.#server, 'listening');
    return proxy;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** Cuts every connection, as a broken cable would. */
  cut(): void {
    for (const sockets of this.#pairs) for (const socket of sockets) socket.destroy();
  }

  async stop(): Promise<void> {
    this.cut();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #pair(client: Socket, server: Socket): void {
    const pair = [client, server] as const;
    this.#pairs.add(pair);
    let rest = '';
    client.on('data', (bytes) => {
      const lines = (rest + bytes.toString()).split(/\r\n|\r|\n|\0/);
      rest = lines.pop() ?? '';
      this.commands.push(...lines.map((line) => line.replace(/^@\S+ /, '')));
      if (this.toServer === 'pass') server.write(bytes);
    });
    server.on('data', (bytes) => {
      if (this.toClient === 'pass') client.write(bytes);
    });
    for (const socket of pair) {
      socket.on('error', () => {});
      socket.on('close', () => {
        this.#pairs.delete(pair);
        for (const other of pair) other.destroy();
      });
    }
  }
}
