import type { VoiceId } from '#adapter';
import type { Clock } from './wire/clock.ts';

export interface Pace {
  /** So many at once, after a rest. */
  readonly burst: number;
  /** Then one in each such time. */
  readonly intervalMs: number;
}

/** So long a place is kept for a voice that does not come when it is its turn. */
const KEPT_MS = 60_000;

/**
 * When connections to a network may be made, which takes only so many at a time. In the order of asking,
 * and whoever asks again keeps their place, so that nobody is passed over.
 */
export class Turns {
  readonly #pace: Pace;
  readonly #clock: Clock;
  readonly #places = new Map<VoiceId, number>();
  /** When all turns that were given would be used up, at one in each interval. */
  #usedUpAtMs = 0;

  constructor(pace: Pace, clock: Clock) {
    this.#pace = pace;
    this.#clock = clock;
  }

  /** The bot goes before everybody, as nobody is heard without it. It counts as one. */
  pass(): void {
    this.#next();
  }

  /** 0: it is its turn, which is over with this. Otherwise how long this voice has to wait. */
  take(voice: VoiceId): number {
    const nowMs = this.#clock.now();
    const place = this.#places.get(voice);
    const isKept = place !== undefined && nowMs - place < KEPT_MS;
    const atMs = isKept ? place : this.#next();
    if (atMs > nowMs) this.#places.set(voice, atMs);
    else this.#places.delete(voice);
    return Math.max(0, atMs - nowMs);
  }

  /** It wants no turn any more. */
  leave(voice: VoiceId): void {
    this.#places.delete(voice);
  }

  #next(): number {
    const { burst, intervalMs } = this.#pace;
    const nowMs = this.#clock.now();
    const usedUpAtMs = Math.max(this.#usedUpAtMs, nowMs);
    this.#usedUpAtMs = usedUpAtMs + intervalMs;
    return Math.max(nowMs, usedUpAtMs - (burst - 1) * intervalMs);
  }
}
