import { randomUUID } from 'node:crypto';
import type { Socket } from 'node:net';
import type { Clock } from './clock.ts';
import type { FloodLimits } from './flood.ts';
import { BadLine, buildLine, type Line, parseLine } from './line.ts';
import {
  begin,
  type Machine,
  type Refusal,
  type Registration,
  step,
  type WireEvent,
} from './machine.ts';
import { SendQueue } from './send-queue.ts';
import { type Address, LineReader, openSocket } from './socket.ts';

export interface Dial extends Address {
  readonly who: Registration;
  readonly flood: FloodLimits;
  readonly fallbackCharset: string;
  /** For the socket and the registration together. */
  readonly connectTimeoutMs: number;
  /** After a silence of this length the server is asked whether it is still there. */
  readonly pingIntervalMs: number;
  /** So long it has to answer. */
  readonly pingTimeoutMs: number;
  readonly clock: Clock;
  /** When what the server says is read, in its order. Absent: at once. */
  readonly inTurn?: (read: () => void) => void;
  /** The server is to be talked to over TLS alone, on this port. The connection ends with `insecure`. */
  readonly insecure: (port: number) => void;
  /** Everything that is heard, in order, `ready` first. Must not throw. */
  heard(event: WireEvent, connection: Connection): void;
}

/** Why a connection ended. `lost`: cut; `silent`: it answered no ping; `asked`: we left; `absent`: nobody listens there; `insecure`: without TLS. */
export class Closed extends Error {
  override readonly name = 'Closed';
  readonly as: Refusal | 'lost' | 'silent' | 'asked' | 'absent' | 'insecure';
  constructor(as: Closed['as'], text: string, options?: ErrorOptions) {
    super(text, options);
    this.as = as;
  }
}

/** A question that got no answer. */
export class Unanswered extends Error {
  override readonly name = 'Unanswered';
  /** Whether the server can have seen it. */
  readonly written: boolean;
  constructor(written: boolean, cause: unknown) {
    super(cause instanceof Error ? cause.message : String(cause), { cause });
    this.written = written;
  }
}

interface Waiter {
  /** True: this line was for it, and it is done. */
  readonly takes: (line: Line) => boolean;
  readonly failed: (cause: unknown) => void;
}

/** How long a server has to close after a QUIT. */
const QUIT_GRACE_MS = 2_000;

/** One registered connection to a server. */
export class Connection {
  /** Resolves, never rejects, when it has ended. */
  readonly closed: Promise<Closed>;
  /** Aborts when it has. */
  get ended(): AbortSignal {
    return this.over.signal;
  }

  /** By how much the server's clock is ahead of ours. Absent: it tells no times. */
  clockSkewMs: number | undefined;
  /** When the server was last heard, by our clock. */
  lastHeardAtMs: number;

  private readonly dial: Dial;
  private readonly socket: Socket;
  private readonly queue: SendQueue;
  private readonly waiters: Waiter[] = [];
  private readonly reader: LineReader;
  private readonly over = new AbortController();
  private machine: Machine;
  private ending: Closed | undefined;
  private cancelPing = () => {};
  private labels = 0;
  private becameReady: (() => void) | undefined;

  /** Resolves once registered. @throws {Closed} or the socket's own error. */
  static async open(dial: Dial, signal: AbortSignal): Promise<Connection> {
    const deadline = AbortSignal.timeout(dial.connectTimeoutMs);
    const either = AbortSignal.any([signal, deadline]);
    try {
      if (dial.inTurn) await new Promise<void>(dial.inTurn);
      const connection = new Connection(dial, await openSocket(dial, either));
      await connection.register(either);
      return connection;
    } catch (error) {
      if (!deadline.aborted || signal.aborted) throw error;
      throw new Closed('lost', `No connection within ${dial.connectTimeoutMs} ms`, {
        cause: error,
      });
    }
  }

  private constructor(dial: Dial, socket: Socket) {
    this.dial = dial;
    this.lastHeardAtMs = dial.clock.now();
    this.socket = socket;
    this.reader = new LineReader(dial.fallbackCharset);
    this.queue = new SendQueue(dial.flood, (line) => this.put(line), dial.clock);
    const { state, send } = begin({ ...dial.who, isSecure: dial.tls });
    this.machine = state;
    const { inTurn = (read) => read() } = dial;
    socket.on('data', (bytes) => inTurn(() => this.received(bytes)));
    socket.on('drain', () => this.queue.release());
    socket.on('error', (error) =>
      inTurn(() => this.end(new Closed('lost', error.message, { cause: error }))),
    );
    this.closed = new Promise((resolve) => {
      const closed = () => {
        this.end(new Closed('lost', 'The server closed the connection'));
        resolve(this.ending ?? new Closed('lost', 'closed'));
      };
      socket.on('close', () => inTurn(closed));
    });
    // In one write: a second one to a server that has closed already would take its last words from us.
    socket.cork();
    for (const line of send) this.queue.writeNow(line);
    socket.uncork();
    this.watchSilence();
  }

  get clock(): Clock {
    return this.dial.clock;
  }

  get state(): Machine {
    return this.machine;
  }

  has(cap: string): boolean {
    return this.machine.caps.on.has(cap);
  }

  get isIdle(): boolean {
    return this.queue.isIdle;
  }

  /** Unique on this connection. */
  newLabel(): string {
    return `d${++this.labels}`;
  }

  /** Resolves once the line is handed to the socket; that alone proves nothing. */
  async write(line: string, signal?: AbortSignal): Promise<void> {
    this.check(line);
    await this.queue.write([line], signal);
  }

  /**
   * Writes lines, with none between them, and waits for the first line that `answer` makes something of.
   *
   * Questions are asked of a line in the order in which they were put, and the first takes it. A
   * question given up after it was written still takes its answer, so that nobody else's does.
   *
   * @throws {Unanswered}
   */
  ask<T>(
    lines: readonly string[],
    answer: (line: Line) => T | undefined,
    signal: AbortSignal,
  ): Promise<T> {
    let written = false;
    return new Promise<T>((resolve, reject) => {
      const failed = (cause: unknown) => {
        signal.removeEventListener('abort', aborted);
        reject(new Unanswered(written, cause));
      };
      const aborted = () => failed(signal.reason);
      const takes = (line: Line) => {
        const found = answer(line);
        if (found === undefined) return false;
        signal.removeEventListener('abort', aborted);
        resolve(found);
        return true;
      };
      const waiter = { takes, failed };
      signal.addEventListener('abort', aborted, { once: true });
      this.waiters.push(waiter);
      const put = async () => {
        for (const line of lines) this.check(line);
        await this.queue.write(lines, signal, () => {
          written = true;
        });
      };
      put().catch((cause: unknown) => {
        this.forget(waiter);
        failed(cause);
      });
    });
  }

  /** Resolves once the server has done all that was written before. @throws {Unanswered} */
  async barrier(signal: AbortSignal): Promise<void> {
    const token = randomUUID();
    await this.ask([buildLine('PING', [token])], pongOf(token), signal);
  }

  /** Reads no more for now. It is not the server's silence then. */
  pause(): void {
    this.cancelPing();
    this.socket.pause();
  }

  resume(): void {
    if (this.ending) return;
    this.watchSilence();
    this.socket.resume();
  }

  /** Leaves. Resolves once the socket is closed. */
  async quit(reason: string): Promise<void> {
    if (!this.ending) {
      this.fail(new Closed('asked', 'We left'));
      this.put(buildLine('QUIT', [reason]));
      // Input that is unread when a socket closes makes the kernel throw our last lines away.
      this.socket.resume();
      void this.closed.then(this.clock.after(QUIT_GRACE_MS, () => this.socket.destroy()));
    }
    await this.closed;
  }

  /** Cuts the connection without a word. */
  cut(reason: Closed): void {
    this.end(reason);
  }

  private async register(signal: AbortSignal): Promise<void> {
    const aborted = () => this.end(new Closed('lost', 'Given up while registering'));
    signal.addEventListener('abort', aborted, { once: true });
    try {
      await new Promise<void>((resolve, reject) => {
        this.becameReady = resolve;
        void this.closed.then(reject);
      });
    } finally {
      signal.removeEventListener('abort', aborted);
    }
  }

  private received(bytes: Uint8Array): void {
    this.lastHeardAtMs = this.clock.now();
    if (!this.ending) this.watchSilence();
    try {
      for (const raw of this.reader.take(bytes)) {
        const line = parseLine(raw);
        if (line) this.take(line);
      }
    } catch (error) {
      this.end(new Closed('lost', String(error), { cause: error }));
    }
  }

  private take(line: Line): void {
    const time = Date.parse(line.tags.get('time') ?? '');
    // Replayed lines have old times, and are in a batch.
    if (!Number.isNaN(time) && !line.tags.has('batch')) this.clockSkewMs = time - this.clock.now();
    const { state, send, events } = step(this.machine, line);
    this.machine = state;
    for (const answer of send) this.queue.writeNow(answer);
    for (const event of events) this.tell(event);
  }

  private tell(event: WireEvent): void {
    if (event.kind === 'line') {
      const index = this.waiters.findIndex(({ takes }) => takes(event.line));
      if (index >= 0) this.waiters.splice(index, 1);
    }
    this.dial.heard(event, this);
    if (event.kind === 'ready') this.becameReady?.();
    if (event.kind === 'insecure') {
      this.dial.insecure(event.port);
      this.end(new Closed('insecure', 'The server wants TLS'));
    }
    if (event.kind === 'refused') this.end(new Closed(event.as, event.text));
  }

  private forget(waiter: Waiter): void {
    const index = this.waiters.indexOf(waiter);
    if (index >= 0) this.waiters.splice(index, 1);
  }

  private check(line: string): void {
    const bare = line.startsWith('@') ? line.slice(line.indexOf(' ') + 1) : line;
    if (Buffer.byteLength(bare) + 2 > this.machine.features.lineLengthBytes)
      throw new BadLine('The line is longer than the server takes');
  }

  private put(line: string): void {
    if (this.socket.writable && !this.socket.write(`${line}\r\n`)) this.queue.hold();
  }

  private watchSilence(): void {
    this.cancelPing();
    const { pingIntervalMs, pingTimeoutMs } = this.dial;
    this.cancelPing = this.clock.after(pingIntervalMs, () => {
      if (this.machine.phase === 'ready') this.queue.writeNow(buildLine('PING', ['still-there']));
      this.cancelPing = this.clock.after(pingTimeoutMs, () =>
        this.end(new Closed('silent', 'The server answers no ping')),
      );
    });
  }

  private end(reason: Closed): void {
    this.fail(reason);
    this.socket.destroy();
  }

  /** From here on nothing is written and nothing answered. The first reason counts. */
  private fail(reason: Closed): void {
    this.cancelPing();
    if (this.ending) return;
    this.ending = reason;
    this.queue.close(reason);
    this.over.abort(reason);
    for (const { failed } of this.waiters.splice(0)) failed(reason);
  }
}

/** Matches the PONG with this token. */
export function pongOf(token: string): (line: Line) => true | undefined {
  return ({ command, params }) =>
    command === 'PONG' && params.at(-1) === token ? true : undefined;
}
