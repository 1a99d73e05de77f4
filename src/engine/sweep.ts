import type { MatrixRoomId } from '../model/matrix-ids.ts';
import type { Storage } from '../ports/store.ts';
import type { Context } from './context.ts';
import { pause } from './pause.ts';
import { portalsOf } from './portals-of.ts';
import type { RoomLooks } from './room-looks.ts';

/** A hundred thousand rooms are a matter of hours, and nobody notices. */
const PACE_MS = 100;
/** A homeserver that is slow to answer is not asked for more. */
const AT_ONCE = 4;

interface Parts {
  readonly looks: RoomLooks;
  readonly wake: (roomId: MatrixRoomId) => void;
}

/** Wakes the lane of every room that is due, one after the other: of those with traffic at once, of the others slowly. */
export class Sweep {
  readonly #context: Context;
  readonly #parts: Parts;
  #current = new AbortController();

  constructor(context: Context, parts: Parts) {
    this.#context = context;
    this.#parts = parts;
  }

  /** From the beginning. */
  start(): void {
    this.stop();
    this.#current = new AbortController();
    this.#run(this.#current.signal).catch((error: unknown) =>
      this.#context.log('error', 'Not every room is looked through', { error: String(error) }),
    );
  }

  stop(): void {
    this.#current.abort();
  }

  async #run(signal: AbortSignal): Promise<void> {
    const { clock, storage } = this.#context;
    const { looks, wake } = this.#parts;
    for await (const roomId of allRooms(storage)) {
      if (signal.aborted) return;
      if (!looks.isDue(roomId)) continue;
      wake(roomId);
      do await pause(clock, PACE_MS, signal);
      while (looks.underWay >= AT_ONCE && !signal.aborted);
    }
  }
}

/** Those in which something was heard lately first. Some come twice. */
async function* allRooms(storage: Storage): AsyncIterable<MatrixRoomId> {
  yield* await storage.journal.heardLately();
  for await (const { roomId } of portalsOf(storage)) yield roomId;
}
