import type { RemoteEvent } from '../../adapter/remote-event.ts';
import type { RemoteMessageId, RemoteUserId } from '../../model/remote-ids.ts';

/**
 * What waits in one portal while others pass: all that somebody does who has to wait, in order, and
 * what others do about that. Asked for each event of a turn, oldest first.
 */
export class HeldBack {
  /** Until when. Outlives the turn: nobody is tried before. */
  readonly #people = new Map<RemoteUserId, number>();
  readonly #messages = new Set<RemoteMessageId>();
  #count = 0;

  /** How many events of this turn wait. */
  get count(): number {
    return this.#count;
  }

  /** When the first of them may be tried. */
  get untilMs(): number {
    return Math.min(...this.#people.values());
  }

  beginTurn(nowMs: number): void {
    for (const [person, untilMs] of this.#people) if (untilMs <= nowMs) this.#people.delete(person);
    this.#messages.clear();
    this.#count = 0;
  }

  /** Whether this must wait. Then what is about it must as well. */
  holds(event: RemoteEvent): boolean {
    const person = personOf(event);
    const isHeld =
      (person !== undefined && this.#people.has(person)) ||
      ('target' in event && this.#messages.has(event.target));
    if (isHeld) this.#add(event);
    return isHeld;
  }

  /** This cannot be done before. */
  wait(event: RemoteEvent, untilMs: number): void {
    const person = personOf(event);
    if (person !== undefined) this.#people.set(person, untilMs);
    this.#add(event);
  }

  #add(event: RemoteEvent): void {
    this.#count++;
    if ('id' in event && event.id !== undefined) this.#messages.add(event.id);
  }
}

/** Whose ghost does it. */
function personOf(event: RemoteEvent): RemoteUserId | undefined {
  if (event.kind === 'member') return event.who;
  return 'sender' in event ? event.sender : undefined;
}
