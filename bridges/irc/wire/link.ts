import { setTimeout as sleep } from 'node:timers/promises';
import { Closed, Connection, type Dial } from './connection.ts';
import type { WireEvent } from './machine.ts';

/** How long to wait before another try. */
export interface BackOff {
  readonly baseMs: number;
  readonly maxMs: number;
}

export interface LinkUser {
  /** Resolves when a connection may be made. */
  turn(signal: AbortSignal): Promise<void>;
  /** Asked for each connection anew. */
  dial(): Omit<Dial, 'heard'>;
  heard(event: WireEvent, connection: Connection): void;
  /** A connection stands: do what must be done before it is used. A rejection cuts it. */
  up(connection: Connection, signal: AbortSignal): Promise<void>;
  /** Whether a try that failed so is to be made again at once, as the next will be another one. Absent: never. */
  atOnce?(reason: Closed): boolean;
  /** The connection, or a try for one, has failed. */
  down(reason: Closed): void;
}

/** A connection that lasted so long was a good one: the next wait is short again. */
const GOOD_AFTER_MS = 60_000;

/** Waits longer each time, and never twice the same, so that many do not come back at once. */
export function backOffMs({ baseMs, maxMs }: BackOff, failures: number, random: number): number {
  const ceiling = Math.min(maxMs, baseMs * 2 ** Math.min(failures, 30));
  return ceiling / 2 + (ceiling / 2) * random;
}

/** Whoever was told that they come too often makes it worse by coming again soon. */
const THROTTLED_MS = 60_000;
/** What does not change until somebody here or there changes it. */
const FINAL = new Set<Closed['as']>(['banned', 'password', 'account']);

/** How long to wait before the next try, by why the last one failed. */
export function waitMsAfter(
  as: Closed['as'],
  backOff: BackOff,
  { failures, random }: { readonly failures: number; readonly random: number },
): number {
  // Where nobody listens a try costs nobody anything, and the server may be back at any moment.
  if (as === 'absent') return backOffMs(backOff, 0, random);
  if (FINAL.has(as)) return backOffMs(backOff, Number.POSITIVE_INFINITY, random);
  const usualMs = backOffMs(backOff, failures, random);
  return as === 'throttled' ? Math.max(usualMs, Math.min(THROTTLED_MS, backOff.maxMs)) : usualMs;
}

/** One connection that is made again whenever it ends. */
export class Link {
  private readonly user: LinkUser;
  private readonly backOff: BackOff;
  private readonly ending = new AbortController();
  private connection: Connection | undefined;
  private failures = 0;
  private life: Promise<void> = Promise.resolve();

  constructor(user: LinkUser, backOff: BackOff) {
    this.user = user;
    this.backOff = backOff;
  }

  /** The connection, once it is up and as long as it is. */
  get current(): Connection | undefined {
    return this.connection;
  }

  /** Makes the first connection. If it cannot be made there is no second try. */
  async open(signal: AbortSignal): Promise<Connection> {
    const connection = await this.connect(AbortSignal.any([signal, this.ending.signal]));
    this.life = this.keep(connection);
    return connection;
  }

  /** Leaves for good. */
  async close(reason: string): Promise<void> {
    this.ending.abort(new Closed('asked', 'We left'));
    await this.connection?.quit(reason);
    await this.life;
  }

  /** Where the server wants TLS, at once again with it. */
  private async connect(signal: AbortSignal): Promise<Connection> {
    try {
      return await this.make(signal);
    } catch (error) {
      if (!(error instanceof Closed)) throw error;
      if (error.as !== 'insecure' && !this.user.atOnce?.(error)) throw error;
      return this.make(signal);
    }
  }

  private async make(signal: AbortSignal): Promise<Connection> {
    const { user } = this;
    await user.turn(signal);
    const dial = { ...user.dial(), heard: user.heard.bind(user) };
    const connection = await Connection.open(dial, signal);
    const stop = () => connection.cut(new Closed('asked', 'We left'));
    signal.addEventListener('abort', stop, { once: true });
    try {
      await user.up(connection, signal);
      signal.throwIfAborted();
    } catch (error) {
      connection.cut(asClosed(error));
      throw error;
    } finally {
      signal.removeEventListener('abort', stop);
    }
    this.connection = connection;
    return connection;
  }

  /** Until `close`: waits for the end of a connection, then for the next. */
  private async keep(first: Connection): Promise<void> {
    let connection: Connection | undefined = first;
    while (connection) {
      const sinceMs = performance.now();
      const reason = await connection.closed;
      this.connection = undefined;
      if (this.ending.signal.aborted) return;
      if (performance.now() - sinceMs > GOOD_AFTER_MS) this.failures = 0;
      this.user.down(reason);
      connection = await this.again(reason);
    }
  }

  private async again(why: Closed): Promise<Connection | undefined> {
    const { signal } = this.ending;
    let reason = why;
    while (!signal.aborted) {
      try {
        const waited = { failures: this.failures, random: Math.random() };
        if (reason.as !== 'absent') this.failures += 1;
        await sleep(waitMsAfter(reason.as, this.backOff, waited), undefined, { signal });
        return await this.connect(signal);
      } catch (error) {
        if (signal.aborted) return undefined;
        reason = asClosed(error);
        this.user.down(reason);
      }
    }
    return undefined;
  }
}

export function asClosed(error: unknown): Closed {
  if (error instanceof Closed) return error;
  const isAbsent = error instanceof Error && 'code' in error && error.code === 'ECONNREFUSED';
  const text = error instanceof Error ? error.message : String(error);
  return new Closed(isAbsent ? 'absent' : 'lost', text, { cause: error });
}
