import type { MatrixRoomId, MatrixUserId } from '../../model/matrix-ids.ts';

/** How long it is believed that somebody types. Whoever stops is told of by the homeserver, mostly. */
export const TYPING_MS = 60_000;
const MAX_ROOMS = 1_000;

export interface TypingChange {
  readonly who: MatrixUserId;
  readonly forMs: number;
}

/** Who types where. The homeserver says who does, never who began or stopped: that is seen here. */
export class Typing {
  /** Until when it is believed of each. The room that was heard of last is the last. */
  readonly #rooms = new Map<MatrixRoomId, ReadonlyMap<MatrixUserId, number>>();

  /** @param now everybody who types in the room. */
  changed(
    roomId: MatrixRoomId,
    now: readonly MatrixUserId[],
    nowMs: number,
  ): readonly TypingChange[] {
    const before = this.#rooms.get(roomId) ?? new Map<MatrixUserId, number>();
    const isKnown = (who: MatrixUserId) => (before.get(who) ?? 0) > nowMs;
    const after = new Map(
      now.map((who) => [who, isKnown(who) ? (before.get(who) ?? 0) : nowMs + TYPING_MS]),
    );
    this.#keep(roomId, after);
    const began = [...after.keys()].filter((who) => !isKnown(who));
    const stopped = [...before.keys()].filter((who) => isKnown(who) && !after.has(who));
    return [
      ...began.map((who) => ({ who, forMs: TYPING_MS })),
      ...stopped.map((who) => ({ who, forMs: 0 })),
    ];
  }

  #keep(roomId: MatrixRoomId, who: ReadonlyMap<MatrixUserId, number>): void {
    this.#rooms.delete(roomId);
    if (who.size > 0) this.#rooms.set(roomId, who);
    const [oldest] = this.#rooms.keys();
    if (this.#rooms.size > MAX_ROOMS && oldest !== undefined) this.#rooms.delete(oldest);
  }
}
