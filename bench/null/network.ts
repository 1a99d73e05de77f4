import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { Listener } from './talk.ts';
import { type FromBridge, lines, type ToBridge } from './wire.ts';

/**
 * The smallest network there can be: lines of JSON over TCP, each message answered at once.
 *
 * It drops repeats: a message with an id that it has had is answered as the first one was, and nobody
 * sees it twice.
 */
export class NullNetwork {
  readonly #server = createServer({ noDelay: true }, (socket) => this.#welcome(socket));
  readonly #bridges = new Set<Socket>();
  readonly #ids = new Set<string>();
  readonly #tracksIds: boolean;
  readonly heard = new Listener();
  /** Messages that came, repeats included. */
  received = 0;
  repeats = 0;
  onMessage: (text: string) => void = () => {};
  port = 0;
  #emitted = 0;
  #waiting = '';

  /** @param options `tracksIds`: else it believes that nothing is repeated, and needs no memory for it. */
  constructor(options: { readonly tracksIds: boolean }) {
    this.#tracksIds = options.tracksIds;
  }

  async listen(): Promise<void> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    ({ port: this.port } = this.#server.address() as AddressInfo);
  }

  close(): void {
    for (const socket of this.#bridges) socket.destroy();
    this.#server.close();
  }

  /** Somebody says something. What is said in one turn of the event loop goes out in one write. */
  say(chat: string, user: string, text: string): void {
    if (this.#waiting === '') setImmediate(() => this.#flush());
    const message: ToBridge = { op: 'said', seq: ++this.#emitted, chat, user, text };
    this.#waiting += `${JSON.stringify(message)}\n`;
  }

  #flush(): void {
    for (const socket of this.#bridges) socket.write(this.#waiting);
    this.#waiting = '';
  }

  #welcome(socket: Socket): void {
    this.#bridges.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => this.#bridges.delete(socket));
    const hear = lines<FromBridge>((messages) => {
      const answers = messages.map((message) => this.#take(message));
      socket.write(answers.map((answer) => `${JSON.stringify(answer)}\n`).join(''));
    });
    socket.setEncoding('utf8');
    socket.on('data', (text: string) => hear(text));
  }

  #take({ id, text }: FromBridge): ToBridge {
    this.received++;
    if (!this.#tracksIds || !this.#ids.has(id)) {
      if (this.#tracksIds) this.#ids.add(id);
      this.heard.hear(text);
    } else this.repeats++;
    this.onMessage(text);
    return { op: 'got', id, as: `n-${id}` };
  }
}
