import { Fault, notFound } from '../fault.ts';
import type { Homeserver } from '../homeserver.ts';
import { type Call, shaped } from '../http/call.ts';
import { parseObject } from '../http/json-body.ts';
import { client, type Route } from '../http/router.ts';
import { historicEvent, stateEvent } from '../room/client-event.ts';
import type { Entry } from '../room/event.ts';
import { EventFilter, passes } from '../room/event-filter.ts';
import type { Room } from '../room/room.ts';
import { isVisible, type Sight } from '../room/sight.ts';
import { printPlace, readToken } from '../token.ts';
import { sight } from './state.ts';

const DEFAULT_LIMIT = 10;
const MAX_LIMIT = 1000;

/** The history of rooms. */
export function messageRoutes(homeserver: Homeserver): readonly Route[] {
  return [
    ...client('GET', '/rooms/:room/messages', (call) => messages(sight(homeserver, call), call)),
    ...client('GET', '/rooms/:room/event/:eventId', (call) => {
      const seen = sightOr404(homeserver, call);
      return historicEvent(seen.room, visibleEntry(seen, call.param('eventId')), seen.viewer);
    }),
    ...client('GET', '/rooms/:room/context/:eventId', (call) =>
      context(sight(homeserver, call), call),
    ),
  ];
}

/** A single event is not found by whoever may not see the room. */
function sightOr404(homeserver: Homeserver, call: Call): Sight {
  try {
    return sight(homeserver, call);
  } catch (error) {
    throw error instanceof Fault && error.status === 403 ? notFound('Event not found.') : error;
  }
}

/** @throws {Fault} 404, for what cannot be seen as for what does not exist. */
export function visibleEntry(seen: Sight, eventId: string): Entry {
  const entry = seen.room.byId.get(eventId);
  if (entry === undefined || !isVisible(seen, entry)) throw notFound('Event not found.');
  return entry;
}

function messages(seen: Sight, call: Call): object {
  const direction = directionOf(call);
  const filter = filterOf(call);
  const from = call.query.get('from');
  const to = call.query.get('to');
  const start = from === null ? edgeOf(seen, direction) : readToken(from).position;
  const page = readPage(seen, {
    direction,
    limit: limitOf(call, filter),
    from: start,
    to: to === null ? undefined : readToken(to).position,
    wants: (entry) => passes(filter, entry),
  });
  return {
    chunk: page.entries.map((entry) => historicEvent(seen.room, entry, seen.viewer)),
    start: from ?? printPlace(start),
    ...(page.end !== undefined && { end: printPlace(page.end) }),
  };
}

const edgeOf = ({ room }: Sight, direction: 'b' | 'f') =>
  direction === 'b' ? (room.timeline.at(-1)?.position ?? 0) : 0;

interface PageRequest {
  readonly direction: 'b' | 'f';
  readonly limit: number;
  /** Backwards: what lies at or before it. Forwards: what lies after it. */
  readonly from: number;
  readonly to?: number | undefined;
  wants(entry: Entry): boolean;
}

/** A page of a room, and the place behind it; absent where there was nothing to read any more. */
export function readPage(seen: Sight, request: PageRequest) {
  const entries: Entry[] = [];
  let end: number | undefined;
  for (const entry of walk(seen.room, request)) {
    if (isBeyond(entry, request)) break;
    if (entries.length >= request.limit) return { entries, end: end ?? request.from };
    if (isVisible(seen, entry) && request.wants(entry)) entries.push(entry);
    end = request.direction === 'b' ? entry.position - 1 : entry.position;
  }
  return { entries, end };
}

function* walk(room: Room, { direction, from }: PageRequest): Generator<Entry> {
  const step = direction === 'b' ? -1 : 1;
  let index = direction === 'b' ? room.countUpTo(from) - 1 : room.countUpTo(from);
  for (let entry = room.timeline[index]; entry !== undefined; entry = room.timeline[index]) {
    yield entry;
    index += step;
  }
}

const isBeyond = ({ position }: Entry, { to, direction }: PageRequest) =>
  to !== undefined && (direction === 'b' ? position <= to : position > to);

function context(seen: Sight, call: Call): object {
  const { room, viewer } = seen;
  const entry = visibleEntry(seen, call.param('eventId'));
  const filter = filterOf(call);
  const limit = limitOf(call, filter);
  const around = { limit: Math.floor(limit / 2), wants: (one: Entry) => passes(filter, one) };
  const before = readPage(seen, { ...around, direction: 'b', from: entry.position - 1 });
  const after = readPage(seen, { ...around, direction: 'f', from: entry.position });
  const show = (one: Entry) => historicEvent(room, one, viewer);
  const first = before.entries.at(-1) ?? entry;
  const last = after.entries.at(-1) ?? entry;
  return {
    event: show(entry),
    events_before: before.entries.map(show),
    events_after: after.entries.map(show),
    start: printPlace(first.position - 1),
    end: printPlace(last.position),
    state: room.allState(last.position).map((one) => stateEvent(one, viewer)),
  };
}

export function directionOf(call: Call): 'b' | 'f' {
  const direction = call.query.get('dir') ?? 'b';
  if (direction === 'b' || direction === 'f') return direction;
  throw new Fault(400, 'M_INVALID_PARAM', "Query parameter 'dir' must be one of ['b', 'f']");
}

export function limitOf(call: Call, filter: EventFilter = {}): number {
  return Math.min(call.number('limit') ?? filter.limit ?? DEFAULT_LIMIT, MAX_LIMIT);
}

function filterOf(call: Call): EventFilter {
  const text = call.query.get('filter');
  return text === null ? {} : shaped(EventFilter, parseObject(Buffer.from(text)));
}
