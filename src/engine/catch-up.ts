import type { MatrixRoomId } from '../model/matrix-ids.ts';
import type { Context } from './context.ts';
import type { RoomLooks } from './room-looks.ts';
import { Sweep } from './sweep.ts';

/**
 * Knows when a homeserver may have lost what it had for us: every room is looked through after a
 * start, and whenever the homeserver was away. Where something comes at once, before it is worked; the
 * others one by one.
 */
export class CatchUp {
  readonly #context: Context;
  readonly #looks: RoomLooks;
  readonly #sweep: Sweep;
  #isSweepDue = true;
  #outages: number;

  constructor(
    context: Context,
    parts: { readonly looks: RoomLooks; readonly wake: (roomId: MatrixRoomId) => void },
    signal: AbortSignal,
  ) {
    this.#context = context;
    this.#looks = parts.looks;
    this.#outages = context.matrix.outages();
    this.#sweep = new Sweep(context, parts);
    signal.addEventListener('abort', () => this.#sweep.stop(), { once: true });
  }

  /** Anything may have been lost in any room. */
  begin(): void {
    this.#looks.begin();
    this.#isSweepDue = true;
  }

  /** To be called before what a homeserver pushes is worked: it may have been away. */
  notice(): void {
    const outages = this.#context.matrix.outages();
    if (outages === this.#outages) return;
    this.#outages = outages;
    this.begin();
  }

  /** To be called again and again: notices that the homeserver was away. */
  async watch(): Promise<void> {
    if (!(await this.#context.matrix.isThere())) return;
    this.notice();
    if (!this.#isSweepDue) return;
    this.#isSweepDue = false;
    this.#sweep.start();
  }
}
