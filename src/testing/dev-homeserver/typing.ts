import type { Clock } from '../../ports/clock.ts';
import { systemClock } from '../../util/system-clock.ts';

/** By who types: how to stop waiting for the time that they said. */
type Typists = Map<string, () => void>;

/** Who types where. Kept in memory only, and forgotten after the time that they said. */
export class Typing {
  readonly #rooms = new Map<string, { serial: number; typists: Typists }>();
  readonly #onChange: (roomId: string) => void;
  readonly #clock: Clock;
  /** Counts on from the clock, so that a token of an earlier run is never ahead of this one. */
  serial: number;

  constructor(onChange: (roomId: string) => void, clock: Clock = systemClock) {
    this.#onChange = onChange;
    this.#clock = clock;
    this.serial = clock.now();
  }

  /** `forMs`: 0 or less says that they stopped. */
  set(roomId: string, userId: string, forMs: number): void {
    const room = this.#rooms.get(roomId) ?? { serial: 0, typists: new Map() };
    const forget = room.typists.get(userId);
    forget?.();
    room.typists.delete(userId);
    if (forMs > 0) {
      const stop = () => this.set(roomId, userId, 0);
      room.typists.set(userId, this.#clock.after(forMs, stop));
    }
    if ((forget !== undefined) === forMs > 0) return;
    this.serial += 1;
    room.serial = this.serial;
    this.#rooms.set(roomId, room);
    this.#onChange(roomId);
  }

  in(roomId: string): readonly string[] {
    return [...(this.#rooms.get(roomId)?.typists.keys() ?? [])];
  }

  changedAfter(roomId: string, serial: number): boolean {
    return (this.#rooms.get(roomId)?.serial ?? 0) > serial;
  }

  close(): void {
    for (const { typists } of this.#rooms.values()) for (const forget of typists.values()) forget();
  }
}
