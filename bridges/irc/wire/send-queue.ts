import type { Clock } from './clock.ts';
import {
  type Bucket,
  costOf,
  type FloodLimits,
  fullBucket,
  refill,
  spend,
  waitMs,
} from './flood.ts';

interface Waiting {
  readonly lines: readonly string[];
  readonly cost: number;
  readonly written: () => void;
  readonly failed: (error: unknown) => void;
}

/** Lines of one connection on their way to the socket, as fast as the server lets us. Drops none. */
export class SendQueue {
  private readonly limits: FloodLimits;
  private readonly put: (line: string) => void;
  private readonly clock: Clock;
  private readonly waiting: Waiting[] = [];
  private bucket: Bucket;
  private cancelPump = () => {};
  private closed: Error | undefined;
  private held = false;

  constructor(limits: FloodLimits, put: (line: string) => void, clock: Clock) {
    this.limits = limits;
    this.put = put;
    this.clock = clock;
    this.bucket = fullBucket(limits, clock.now());
  }

  /** Nothing waits, and one more line may go at once. */
  get isIdle(): boolean {
    this.bucket = refill(this.bucket, this.limits, this.clock.now());
    return this.waiting.length === 0 && waitMs(this.bucket, this.limits, 1) === 0;
  }

  /** Past the queue: an answer that the server waits for. It counts all the same. */
  writeNow(line: string): void {
    if (this.closed) return;
    this.bucket = refill(this.bucket, this.limits, this.clock.now());
    this.bucket = spend(this.bucket, costOf(line, this.limits));
    this.put(line);
  }

  /**
   * Writes these lines with none between them. Resolves once they are handed to the socket; rejects
   * if they never were, and then never will be. `written` is called at that very moment.
   */
  write(lines: readonly string[], signal?: AbortSignal, written = () => {}): Promise<void> {
    if (this.closed) return Promise.reject(this.closed);
    if (signal?.aborted) return Promise.reject(signal.reason);
    return new Promise((resolve, reject) => {
      const giveUp = () => {
        this.waiting.splice(this.waiting.indexOf(entry), 1);
        reject(signal?.reason);
      };
      const entry: Waiting = {
        lines,
        cost: lines.reduce((sum, line) => sum + costOf(line, this.limits), 0),
        written: () => {
          signal?.removeEventListener('abort', giveUp);
          written();
          resolve();
        },
        failed: (error) => {
          signal?.removeEventListener('abort', giveUp);
          reject(error);
        },
      };
      signal?.addEventListener('abort', giveUp, { once: true });
      this.waiting.push(entry);
      this.pump();
    });
  }

  /** The socket takes no more for now. */
  hold(): void {
    this.held = true;
  }

  release(): void {
    this.held = false;
    this.pump();
  }

  close(error: Error): void {
    this.closed = error;
    this.cancelPump();
    for (const { failed } of this.waiting.splice(0)) failed(error);
  }

  private pump(): void {
    this.cancelPump();
    for (let next = this.waiting[0]; next && !this.held; next = this.waiting[0]) {
      this.bucket = refill(this.bucket, this.limits, this.clock.now());
      const delayMs = waitMs(this.bucket, this.limits, next.cost);
      if (delayMs > 0) {
        this.cancelPump = this.clock.after(delayMs, () => this.pump());
        return;
      }
      this.waiting.shift();
      this.bucket = spend(this.bucket, next.cost);
      for (const line of next.lines) this.put(line);
      next.written();
    }
  }
}
