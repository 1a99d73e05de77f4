import type { EventEnvelope } from '#gia/schemas';
import type { UserRow } from '../store/users.ts';

/** The name of a queue: one for each provider, and one for each device of a local user. */
export const streamOf = (user: Pick<UserRow, 'integrator' | 'user_ref'>, device: string): string =>
  user.integrator === 0 ? deviceStream(user.user_ref, device) : providerStream(user.integrator);

export const providerStream = (integrator: number) => `p:${integrator}`;
export const deviceStream = (userRef: string, device: string) => `d:${userRef}:${device}`;

export interface Reader {
  /** There is something new in the queue. */
  wake(): void;
  /** This is of this moment only. */
  say(event: EventEnvelope): void;
  /** At once. */
  end(): void;
  /** When all that waits was said. */
  finish(): void;
}

/** Who reads which stream: one at a time, a new one ends the one before. */
export class Streams {
  readonly #readers = new Map<string, Reader>();

  wake(stream: string): void {
    this.#readers.get(stream)?.wake();
  }

  say(stream: string, event: EventEnvelope): void {
    this.#readers.get(stream)?.say(event);
  }

  /** @returns to be called when it reads no more. */
  open(stream: string, reader: Reader): () => void {
    this.#readers.get(stream)?.end();
    this.#readers.set(stream, reader);
    return () => {
      if (this.#readers.get(stream) === reader) this.#readers.delete(stream);
    };
  }

  endAll(): void {
    for (const reader of [...this.#readers.values()]) reader.end();
  }

  finish(which: (stream: string) => boolean): void {
    for (const [stream, reader] of [...this.#readers]) if (which(stream)) reader.finish();
  }

  /** Somebody else may have written: everybody looks. */
  wakeAll(): void {
    for (const reader of this.#readers.values()) reader.wake();
  }

  get count(): number {
    return this.#readers.size;
  }
}
