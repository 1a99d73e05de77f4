interface Typist {
  readonly userId: string;
  readonly timer: NodeJS.Timeout;
}

/** Who types where. Kept in memory only, and forgotten after the time that they said. */
export class Typing {
  readonly #rooms = new Map<string, { serial: number; typists: Map<string, Typist> }>();
  readonly #onChange: (roomId: string) => void;
  /** Counts on from the clock, so that a token of an earlier run is never ahead of this one. */
  serial = Date.now();

  constructor(onChange: (roomId: string) => void) {
    this.#onChange = onChange;
  }

  /** `forMs`: 0 or less says that they stopped. */
  set(roomId: string, userId: string, forMs: number): void {
    const room = this.#rooms.get(roomId) ?? { serial: 0, typists: new Map<string, Typist>() };
    const typist = room.typists.get(userId);
    clearTimeout(typist?.timer);
    room.typists.delete(userId);
    if (forMs > 0) {
      const timer = setTimeout(() => this.set(roomId, userId, 0), forMs);
      room.typists.set(userId, { userId, timer });
    }
    if ((typist !== undefined) === forMs > 0) return;
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
    for (const { typists } of this.#rooms.values())
      for (const { timer } of typists.values()) clearTimeout(timer);
  }
}
