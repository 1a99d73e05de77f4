import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { answerTo, type Query, readQuery } from './query.ts';

export interface IdentAddress {
  readonly host: string;
  readonly port: number;
}

/** Anybody can connect to it, so none may hold it for long. */
const MOST_ASKING = 100;
const ASKING_MS = 10_000;
const LONGEST_QUERY = 100;
/** A server may ask before we have heard that our connection to it stands. */
const CLAIM_MS = 1_000;

interface Claim {
  readonly username: string;
  readonly server: string;
}

/**
 * Tells IRC servers which user of this machine a connection belongs to, so that each Matrix user has a
 * user name of their own there. Only the server at the other end of a connection is told of it.
 *
 * @see RFC 1413
 */
export class IdentServer {
  readonly #server: Server;
  readonly #claims = new Map<string, Claim>();
  readonly #waiting = new Map<string, Set<() => void>>();

  /** Rejects with the reason when it cannot listen there. */
  static async open({ host, port }: IdentAddress): Promise<IdentServer> {
    const ident = new IdentServer();
    ident.#server.listen(port, host);
    await once(ident.#server, 'listening');
    return ident;
  }

  private constructor() {
    this.#server = createServer((socket) => this.#asked(socket));
    this.#server.maxConnections = MOST_ASKING;
  }

  get port(): number {
    const address = this.#server.address();
    return typeof address === 'object' && address !== null ? address.port : 0;
  }

  /** How many questions wait for a claim. */
  get asking(): number {
    return this.#waiting.size;
  }

  /** A connection of ours that stands, and whose it is. Until it closes. */
  claim(socket: Socket, username: string): void {
    const { localPort = 0, remotePort = 0, remoteAddress = '' } = socket;
    const key = keyOf({ localPort, remotePort });
    const claim = { username, server: plain(remoteAddress) };
    this.#claims.set(key, claim);
    socket.once('close', () => {
      if (this.#claims.get(key) === claim) this.#claims.delete(key);
    });
    for (const heard of this.#waiting.get(key) ?? []) heard();
  }

  async close(): Promise<void> {
    this.#server.close();
    await once(this.#server, 'close');
  }

  #asked(socket: Socket): void {
    let said = '';
    // A server that closes would wait for whoever holds a connection open.
    const giveUp = setTimeout(() => socket.destroy(), ASKING_MS);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => clearTimeout(giveUp));
    socket.setEncoding('latin1').on('data', (text: string) => {
      said += text;
      const end = said.indexOf('\n');
      if (end < 0 && said.length <= LONGEST_QUERY) return;
      socket.removeAllListeners('data').resume();
      const query = readQuery(said.slice(0, Math.max(0, end)));
      if (query === undefined) socket.destroy();
      else void this.#answer(socket, query);
    });
  }

  async #answer(socket: Socket, query: Query): Promise<void> {
    const key = keyOf(query);
    if (!this.#claims.has(key)) await this.#claimed(key);
    const claim = this.#claims.get(key);
    const isItsServer = claim?.server === plain(socket.remoteAddress ?? '');
    socket.end(answerTo(query, isItsServer ? claim.username : undefined));
  }

  /** Resolves once somebody claims it, or nobody has for a second. */
  #claimed(key: string): Promise<void> {
    return new Promise((resolve) => {
      const waiting = this.#waiting.get(key) ?? new Set();
      this.#waiting.set(key, waiting);
      const done = () => {
        clearTimeout(giveUp);
        waiting.delete(done);
        if (waiting.size === 0) this.#waiting.delete(key);
        resolve();
      };
      const giveUp = setTimeout(done, CLAIM_MS);
      waiting.add(done);
    });
  }
}

const keyOf = ({ localPort, remotePort }: Query) => `${localPort} ${remotePort}`;

/** An IPv4 address as such also where the socket is one of both kinds. */
const plain = (address: string) => address.replace(/^::ffff:/i, '');
