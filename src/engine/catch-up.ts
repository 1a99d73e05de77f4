import type { MatrixRoomId } from '../model/matrix-ids.ts';
import { tokenBucket } from '../util/token-bucket.ts';
import type { Context } from './context.ts';
import type { RoomLooks } from './room-looks.ts';
import { Sweep } from './sweep.ts';

/**
 * A homeserver that counts for all its appservices passes ids over all the time, and each is a request
 * for every room with traffic. One that counts for us alone does so once in an outage.
 */
const PASSED_OVER = { burst: 30, perSecond: 1 / 300, maxKeys: 1 };

/**
 * Knows when a homeserver may have lost or laid aside what it had for us: every room is looked through
 * after a start, and whenever the homeserver was away or passed a transaction over. Where something comes
 * at once, before it is worked; the others one by one.
 */
export class CatchUp {
  readonly #context: Context;
  readonly #looks: RoomLooks;
  readonly #sweep: Sweep;
  #isSweepDue = true;
  #outages: number;
  #isOnePassedOver = false;
  readonly #passedOver = tokenBucket(PASSED_OVER);

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

  /** A transaction never came. */
  passedOver(): void {
    this.#isOnePassedOver = true;
  }

  /** To be called before what a homeserver pushes is worked: it may have been away. */
  notice(): void {
    const { matrix, clock } = this.#context;
    const outages = matrix.outages();
    const isReason = this.#isOnePassedOver && this.#passedOver.take('', clock.now()) === 0;
    if (outages === this.#outages && !isReason) return;
    this.#outages = outages;
    this.#isOnePassedOver = false;
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
