import type { MatrixRoomId } from '../model/matrix-ids.ts';
import { MatrixError } from '../ports/matrix.ts';
import { createBackoff } from './backoff.ts';
import { catchUpRoom } from './catch-up-room.ts';
import type { Context } from './context.ts';

/** For so long what was pushed waits for a look that fails: then what it would find comes late. */
const HOLD_MS = 60_000;
/** What is too much to be taken out of a room is left to the homeserver for so long: it retries more often than this. */
const LEFT_MS = 30 * 60_000;

/** `holds`: what waits in the room's lane is not to be worked yet. */
export interface Held {
  readonly waitMs: number;
  readonly holds: boolean;
}

interface Failing {
  readonly sinceMs: number;
  readonly untilMs: number;
}

/**
 * Looks a room through for what was missed, as a step of the room's lane: so that goes before what is
 * newer. Once for each reason to.
 */
export class RoomLooks {
  readonly #context: Context;
  readonly #signal: AbortSignal;
  readonly #backoff = createBackoff<MatrixRoomId>();
  /** Since the last reason to. A look that is under way when there is another keeps the old set. */
  #done = new Set<MatrixRoomId>();
  #failing = new Map<MatrixRoomId, Failing>();
  /** Since when too much is missing of a room. */
  readonly #leftSinceMs = new Map<MatrixRoomId, number>();
  /** How many are under way. */
  underWay = 0;

  constructor(context: Context, signal: AbortSignal) {
    this.#context = context;
    this.#signal = signal;
  }

  isDue(roomId: MatrixRoomId): boolean {
    return !this.#done.has(roomId);
  }

  /** This one is. */
  again(roomId: MatrixRoomId): void {
    this.#done.delete(roomId);
  }

  /** Every room is due. */
  begin(): void {
    this.#done = new Set();
    this.#failing = new Map();
  }

  /** Looks if that is due. `undefined`: nothing keeps the room's lane from going on. */
  async before(roomId: MatrixRoomId): Promise<Held | undefined> {
    const done = this.#done;
    if (done.has(roomId)) return undefined;
    const failing = this.#failing.get(roomId);
    const startedMs = this.#context.clock.now();
    if (failing && failing.untilMs > startedMs) return this.#held(failing);
    this.underWay++;
    try {
      await this.#look(roomId, startedMs);
    } catch (error) {
      const held = this.#failed(roomId, error, failing?.sinceMs ?? startedMs);
      if (held) return held;
    } finally {
      this.underWay--;
    }
    done.add(roomId);
    this.#failing.delete(roomId);
    this.#backoff.succeeded(roomId);
    return undefined;
  }

  async #look(roomId: MatrixRoomId, nowMs: number): Promise<void> {
    const sinceMs = this.#leftSinceMs.get(roomId);
    const givesUp = sinceMs !== undefined && nowMs - sinceMs > LEFT_MS;
    const options = { signal: this.#signal, givesUp };
    if ((await catchUpRoom(this.#context, roomId, options)) === 'done') {
      this.#leftSinceMs.delete(roomId);
      return;
    }
    if (sinceMs === undefined) this.#leftSinceMs.set(roomId, nowMs);
    const message = 'Very much is missing of a room; it is left to the homeserver for now';
    this.#context.log('warn', message, { roomId });
  }

  /** `undefined`: it would fail again and again. */
  #failed(roomId: MatrixRoomId, error: unknown, sinceMs: number): Held | undefined {
    if (this.#signal.aborted) return { waitMs: HOLD_MS, holds: true };
    if (!(error instanceof MatrixError)) throw error;
    this.#context.log('warn', 'A room cannot be looked through for what was missed', {
      roomId,
      error: error.message,
    });
    if (error.kind === 'refused') return undefined;
    const waitMs = this.#backoff.failed(roomId, error.retryAfterMs);
    const failing = { sinceMs, untilMs: this.#context.clock.now() + waitMs };
    this.#failing.set(roomId, failing);
    return this.#held(failing);
  }

  #held({ sinceMs, untilMs }: Failing): Held {
    const nowMs = this.#context.clock.now();
    const holdUntilMs = sinceMs + HOLD_MS;
    const holds = nowMs < holdUntilMs;
    return { holds, waitMs: (holds ? Math.min(untilMs, holdUntilMs) : untilMs) - nowMs };
  }
}
