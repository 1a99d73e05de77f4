import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { type FromBridge, lines, type ToBridge } from './wire.ts';

export type Said = Extract<ToBridge, { op: 'said' }>;
export type Got = Extract<ToBridge, { op: 'got' }>;

/** A bridge's end of the null network: what all subjects use, so that none pays more for it. */
export class NetworkClient {
  readonly #socket: Socket;
  #waiting = '';

  constructor(
    port: number,
    on: {
      readonly said: (messages: readonly Said[]) => void;
      readonly got: (answers: readonly Got[]) => void;
    },
  ) {
    this.#socket = connect({ host: '127.0.0.1', port, noDelay: true });
    this.#socket.setEncoding('utf8');
    const hear = lines<ToBridge>((all) => {
      const said = all.filter((each) => each.op === 'said');
      const got = all.filter((each) => each.op === 'got');
      if (said.length > 0) on.said(said);
      if (got.length > 0) on.got(got);
    });
    this.#socket.on('data', (text: string) => hear(text));
  }

  async connected(): Promise<void> {
    await once(this.#socket, 'connect');
  }

  /** What is sent in one turn of the event loop goes out in one write. */
  send(message: FromBridge): void {
    if (this.#waiting === '') setImmediate(() => this.flush());
    this.#waiting += `${JSON.stringify(message)}\n`;
  }

  flush(): void {
    this.#socket.write(this.#waiting);
    this.#waiting = '';
  }

  close(): void {
    this.#socket.destroy();
  }
}
