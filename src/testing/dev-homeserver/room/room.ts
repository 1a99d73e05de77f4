import type {
  Content,
  Echo,
  Entry,
  Membership,
  RoomVersion,
  StateView,
  StoredEvent,
} from './event.ts';
import { isObject, membershipOf } from './event.ts';
import { prune } from './prune.ts';

const keyOf = (type: string, stateKey: string) => `${type}\0${stateKey}`;
const echoKey = ({ userId, deviceId, txnId }: Echo) => `${userId}\0${deviceId}\0${txnId}`;

/** One room: what was said in it, and its state at every moment. Knows no HTTP and decides nothing. */
export class Room implements StateView {
  readonly id: string;
  readonly version: RoomVersion;
  /** In the order in which the homeserver took them. */
  readonly timeline: Entry[] = [];
  readonly byId = new Map<string, Entry>();
  /** By the event that they relate to. */
  readonly relations = new Map<string, Entry[]>();
  readonly joined = new Set<string>();
  readonly forgottenBy = new Set<string>();
  listed = false;
  /** The networks of appservices under which it is in the directory. */
  readonly listedUnder = new Set<string>();
  readonly #state = new Map<string, Entry[]>();
  readonly #sent = new Map<string, Entry>();

  constructor(id: string, version: RoomVersion) {
    this.id = id;
    this.version = version;
  }

  add(entry: Entry): void {
    this.timeline.push(entry);
    this.byId.set(entry.event.event_id, entry);
    this.#index(entry);
    if (entry.event.type === 'm.room.redaction') this.#redact(entry.event);
  }

  #index(entry: Entry): void {
    const { event, echo } = entry;
    if (echo !== undefined) this.#sent.set(echoKey(echo), entry);
    const target = relationOf(event.content)?.eventId;
    if (target !== undefined) push(this.relations, target, entry);
    if (event.state_key === undefined) return;
    push(this.#state, keyOf(event.type, event.state_key), entry);
    if (event.type !== 'm.room.member') return;
    if (membershipOf(event) === 'join') this.joined.add(event.state_key);
    else this.joined.delete(event.state_key);
  }

  #redact(redaction: StoredEvent): void {
    const target = this.byId.get(String(redaction.content['redacts']));
    // Of several redactions the first one counts.
    if (target !== undefined && target.event.unsigned?.redacted_because === undefined)
      target.event = prune(target.event, redaction);
  }

  /** What a device said under this transaction id, whatever it was. */
  sentWith(echo: Echo): Entry | undefined {
    return this.#sent.get(echoKey(echo));
  }

  state(type: string, stateKey = ''): StoredEvent | undefined {
    return this.#state.get(keyOf(type, stateKey))?.at(-1)?.event;
  }

  /** The entry in force just after `position`. */
  stateAt(position: number, type: string, stateKey = ''): Entry | undefined {
    return lastUpTo(this.#state.get(keyOf(type, stateKey)) ?? [], position);
  }

  /** The whole state just after `position`; without one, as it is now. */
  allState(position = Number.POSITIVE_INFINITY): readonly Entry[] {
    return [...this.#state.values()].flatMap((of) => lastUpTo(of, position) ?? []);
  }

  membership(userId: string, position = Number.POSITIVE_INFINITY): Membership | undefined {
    return membershipOf(this.stateAt(position, 'm.room.member', userId)?.event);
  }

  /** Every step of somebody's membership, oldest first. */
  membershipSteps(userId: string): readonly Entry[] {
    return this.#state.get(keyOf('m.room.member', userId)) ?? [];
  }

  /** How many entries of the timeline lie at or before `position`. */
  countUpTo(position: number): number {
    return countUpTo(this.timeline, position);
  }
}

/** What an event says it relates to. */
export function relationOf(
  content: Content,
): { readonly type: string; readonly eventId: string; readonly key?: string } | undefined {
  const relates = content['m.relates_to'];
  if (!isObject(relates)) return undefined;
  const { rel_type: type, event_id: eventId, key } = relates;
  if (typeof type !== 'string' || typeof eventId !== 'string') return undefined;
  return { type, eventId, ...(typeof key === 'string' && { key }) };
}

function push<T>(map: Map<string, T[]>, key: string, value: T): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
}

const lastUpTo = (entries: readonly Entry[], position: number) =>
  position === Number.POSITIVE_INFINITY
    ? entries.at(-1)
    : entries[countUpTo(entries, position) - 1];

function countUpTo(entries: readonly Entry[], position: number): number {
  let low = 0;
  let high = entries.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((entries[middle]?.position ?? 0) <= position) low = middle + 1;
    else high = middle;
  }
  return low;
}
