import type { RemoteEvent } from '../../adapter/remote-event.ts';
import type { RemoteMessageId, RemoteUserId } from '../../model/remote-ids.ts';
import type { MustWait } from './must-wait.ts';

/**
 * What waits in one portal while others pass: all that somebody does who has to wait, in order, and
 * what others do about that; and what is done about one message that is not there yet. Asked for each
 * event of a turn, oldest first.
 */
export class HeldBack {
  /** Until when. Outlives the turn: nobody is tried before. */
  readonly #people = new Map<RemoteUserId, number>();
  /** Those of this turn that wait. */
  readonly #messages = new Set<RemoteMessageId>();
  /** What is not there yet, and until when it is waited for in this turn. */
  readonly #targets = new Map<RemoteMessageId, number>();
  #count = 0;

  /** How many events of this turn wait. */
  get count(): number {
    return this.#count;
  }

  /** When the first of them may be tried. */
  get untilMs(): number {
    return Math.min(...this.#people.values(), ...this.#targets.values());
  }

  beginTurn(nowMs: number): void {
    for (const [person, untilMs] of this.#people) if (untilMs <= nowMs) this.#people.delete(person);
    this.#messages.clear();
    this.#targets.clear();
    this.#count = 0;
  }

  /** Whether this must wait. Then what is about it must as well, but for what others say. */
  holds(event: RemoteEvent): boolean {
    const person = personOf(event);
    const isHeld =
      (person !== undefined && this.#people.has(person)) ||
      ('target' in event && (this.#messages.has(event.target) || this.#targets.has(event.target)));
    if (isHeld) this.#add(event);
    return isHeld;
  }

  /** This cannot be done before. */
  wait(event: RemoteEvent, untilMs: number, scope: MustWait['scope']): void {
    const person = personOf(event);
    if (scope === 'person' && person !== undefined) this.#people.set(person, untilMs);
    if (scope === 'target' && 'target' in event) this.#targets.set(event.target, untilMs);
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
