import { Fault, refused } from '../fault.ts';
import type { Draft, Entry } from './event.ts';
import { type Room, relationOf } from './room.ts';

const MAX_KEY_LENGTH = 500;

/** What is still said about an event: relations that were redacted are none. */
export function relationsTo(room: Room, eventId: string, type?: string): readonly Entry[] {
  return (room.relations.get(eventId) ?? []).filter((entry) => {
    const relation = relationOf(entry.event.content);
    return relation?.eventId === eventId && (type === undefined || relation.type === type);
  });
}

/** The newest edit of an event by its own sender; by the clock, then by id. */
export function latestEdit(room: Room, { event }: Entry): Entry | undefined {
  if (event.state_key !== undefined || relationOf(event.content)?.type === 'm.replace')
    return undefined;
  const edits = relationsTo(room, event.event_id, 'm.replace').filter(
    ({ event: edit }) =>
      edit.sender === event.sender && edit.type === event.type && edit.state_key === undefined,
  );
  return edits.reduce<Entry | undefined>(
    (newest, edit) => (newest === undefined || isNewer(edit, newest) ? edit : newest),
    undefined,
  );
}

const isNewer = ({ event: a }: Entry, { event: b }: Entry) =>
  a.origin_server_ts === b.origin_server_ts
    ? a.event_id > b.event_id
    : a.origin_server_ts > b.origin_server_ts;

/** What an event carries along of what was said about it. */
export function bundledRelations(
  room: Room,
  entry: Entry,
  viewer: { readonly userId: string; show(entry: Entry): object },
): Readonly<Record<string, unknown>> {
  if (!room.relations.has(entry.event.event_id)) return {};
  const edit = isRedacted(entry) ? undefined : latestEdit(room, entry);
  const references = relationsTo(room, entry.event.event_id, 'm.reference');
  const thread = relationsTo(room, entry.event.event_id, 'm.thread');
  const newest = thread.at(-1);
  return {
    ...(edit && { 'm.replace': viewer.show(edit) }),
    ...(references.length > 0 && {
      'm.reference': { chunk: references.map(({ event }) => ({ event_id: event.event_id })) },
    }),
    ...(newest && {
      'm.thread': {
        count: thread.length,
        latest_event: viewer.show(newest),
        current_user_participated: [entry, ...thread].some(
          ({ event }) => event.sender === viewer.userId,
        ),
      },
    }),
  };
}

const isRedacted = ({ event }: Entry) => event.unsigned?.redacted_because !== undefined;

/** Whether an event may relate to what it says. @throws {Fault} */
export function checkRelation(room: Room, draft: Draft): void {
  const relation = relationOf(draft.content);
  if (relation === undefined) return;
  if (!room.byId.has(relation.eventId) && !room.relations.has(relation.eventId))
    throw refused("Can't send relation to unknown event");
  if (relation.type === 'm.annotation') checkAnnotation(room, draft, relation);
  if (relation.type === 'm.thread') checkThread(room, relation.eventId);
}

function checkAnnotation(
  room: Room,
  draft: Draft,
  { eventId, key }: { readonly eventId: string; readonly key?: string },
): void {
  if (key === undefined) throw refused('Missing aggregation key');
  if (key.length > MAX_KEY_LENGTH) throw refused('Aggregation key is too long');
  for (const { event } of relationsTo(room, eventId, 'm.annotation'))
    if (
      event.sender === draft.sender &&
      event.type === draft.type &&
      relationOf(event.content)?.key === key
    )
      throw new Fault(400, 'M_DUPLICATE_ANNOTATION', "Can't send same reaction twice");
}

function checkThread(room: Room, rootId: string): void {
  const root = room.byId.get(rootId);
  if (root !== undefined && relationOf(root.event.content) !== undefined)
    throw refused('Cannot start threads from an event with a relation');
}
