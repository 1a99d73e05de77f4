import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/**
 * Keeps one connection and has one request under way on it, as a homeserver that pushes does.
 *
 * Knows just enough HTTP for the answers of an appservice: what pushes should cost nothing.
 */
export class HttpClient {
  readonly #port: number;
  #socket: Socket | undefined;
  #settle: { done(status: number): void; broken(error: Error): void } | undefined;
  #received = '';

  constructor(port: number) {
    this.#port = port;
  }

  /** @returns the status. */
  async put(path: string, token: string, json: Buffer): Promise<number> {
    const socket = this.#socket ?? (await this.#open());
    const head = `PUT ${path} HTTP/1.1\r\nHost: 127.0.0.1:${this.#port}\r\nAuthorization: Bearer ${token}\r\nContent-Type: application/json\r\nContent-Length: ${json.length}\r\n\r\n`;
    return new Promise((done, broken) => {
      this.#settle = { done, broken };
      socket.cork();
      socket.write(head, 'latin1');
      socket.write(json);
      socket.uncork();
    });
  }

  close(): void {
    this.#socket?.destroy();
  }

  async #open(): Promise<Socket> {
    const socket = connect({ host: '127.0.0.1', port: this.#port, noDelay: true });
    await once(socket, 'connect');
    socket.setEncoding('latin1');
    socket.on('data', (text: string) => this.#hear(text));
    const broken = (error: Error) => {
      if (this.#socket === socket) this.#socket = undefined;
      this.#received = '';
      this.#settle?.broken(error);
    };
    socket.on('error', broken);
    socket.on('close', () => broken(new Error('The connection was closed')));
    this.#socket = socket;
    return socket;
  }

  #hear(text: string): void {
    this.#received += text;
    const headEnd = this.#received.indexOf('\r\n\r\n');
    if (headEnd < 0) return;
    const length = /\r\ncontent-length: *(\d+)/i.exec(this.#received.slice(0, headEnd))?.[1];
    const end =
      length === undefined
        ? this.#received.indexOf('\r\n0\r\n\r\n', headEnd) + 7
        : headEnd + 4 + Number(length);
    if (end < headEnd || this.#received.length < end) return;
    const status = Number(this.#received.slice(9, 12));
    this.#received = this.#received.slice(end);
    this.#settle?.done(status);
  }
}
