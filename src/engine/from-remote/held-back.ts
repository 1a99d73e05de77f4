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
  /** Those of this turn that wait, likewise. */
  readonly #messages = new Map<RemoteMessageId, number>();
  /** What is not there yet, likewise. */
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

  /** Whether this must wait. Then what is about it must as well. */
  holds(event: RemoteEvent): boolean {
    const untilMs = this.#untilMs(event);
    if (untilMs === undefined) return false;
    // What is said next must not pass it. Who only reacts to what waits goes on.
    if (event.kind === 'message') this.#people.set(event.sender, untilMs);
    this.#add(event, untilMs);
    return true;
  }

  /** This cannot be done before. */
  wait(event: RemoteEvent, untilMs: number, together: MustWait['with']): void {
    const person = personOf(event);
    if (together === 'person' && person !== undefined) this.#people.set(person, untilMs);
    if (together === 'target' && 'target' in event) this.#targets.set(event.target, untilMs);
    this.#add(event, untilMs);
  }

  #untilMs(event: RemoteEvent): number | undefined {
    const person = personOf(event);
    if (person !== undefined && this.#people.has(person)) return this.#people.get(person);
    if ('target' in event && this.#targets.has(event.target))
      return this.#targets.get(event.target);
    const about = aboutOf(event);
    return about === undefined ? undefined : this.#messages.get(about);
  }

  #add(event: RemoteEvent, untilMs: number): void {
    this.#count++;
    if ('id' in event && event.id !== undefined) this.#messages.set(event.id, untilMs);
  }
}

/** Whose ghost does it. */
function personOf(event: RemoteEvent): RemoteUserId | undefined {
  if (event.kind === 'member') return event.who;
  return 'sender' in event ? event.sender : undefined;
}

/** What it answers, or does something about. */
function aboutOf(event: RemoteEvent): RemoteMessageId | undefined {
  if (event.kind === 'message') return event.replyTo;
  return 'target' in event ? event.target : undefined;
}
