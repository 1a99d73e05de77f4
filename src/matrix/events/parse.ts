import type { MatrixEventId, MatrixRoomId, MatrixUserId } from '../../model/matrix-ids.ts';
import type { MatrixEvent } from '../../ports/matrix.ts';
import { count, field, isObject, type Json, object, text } from '../../util/fields.ts';
import { readMark } from './mark.ts';
import { message } from './read-message.ts';
import { policy, policyTypes } from './read-policy.ts';
import { encrypted, reaction, redaction } from './read-relations.ts';
import { encryption, member, power, title, tombstone } from './read-state.ts';
import { type Common, ignored, type Reader, type Source, unsupported } from './reader.ts';

/**
 * Understands an event of a transaction.
 *
 * @throws {SyntaxError} when it is no event: not JSON, or without the texts that every event has.
 */
export function parse(json: string): MatrixEvent {
  const event = understand(JSON.parse(json));
  if (!event)
    throw new SyntaxError('An event needs "event_id", "room_id", "sender" and "type" as texts');
  return event;
}

/** Understands what is parsed already. `undefined`: it is no event. */
export function understand(event: unknown): MatrixEvent | undefined {
  const [id, roomId, sender, type] = ['event_id', 'room_id', 'sender', 'type'].map((key) =>
    text(event, key),
  );
  if (id === undefined || roomId === undefined || sender === undefined || type === undefined)
    return undefined;
  const content = object(event, 'content');
  const mark = readMark(content);
  const common: Common = {
    id: id as MatrixEventId,
    roomId: roomId as MatrixRoomId,
    sender: sender as MatrixUserId,
    sentAtMs: count(event, 'origin_server_ts') ?? 0,
    ...(mark === undefined ? {} : { mark }),
  };
  return readerOf(event as Json, type)({ common, event: event as Json, content });
}

/** State is known by its key, not by its type: a message type may come as state, and says nothing then. */
function readerOf(event: Json, type: string): Reader {
  const stateKey = field(event, 'state_key');
  if (stateKey !== undefined) {
    const reader = typeof stateKey === 'string' ? stateReaders.get(type) : undefined;
    return reader ?? ignored;
  }
  const isRedacted = isObject(field(object(event, 'unsigned'), 'redacted_because'));
  return isRedacted ? ignored : (readers.get(type) ?? ignored);
}

const stateReaders: ReadonlyMap<string, Reader> = new Map([
  ['m.room.member', member],
  ['m.room.encryption', encryption],
  ['m.room.tombstone', tombstone],
  ['m.room.power_levels', power],
  ['m.room.name', title('name')],
  ['m.room.topic', title('topic')],
  ...[...policyTypes.keys()].map((type) => [type, policy] as const),
]);

const cannot =
  (what: string): Reader =>
  (source: Source) =>
    unsupported(source, what);

const readers: ReadonlyMap<string, Reader> = new Map([
  ['m.room.message', message],
  ['m.room.redaction', redaction],
  ['m.reaction', reaction],
  ['m.room.encrypted', encrypted],
  ['m.sticker', cannot('a sticker')],
  ['m.poll.start', cannot('a poll')],
  ['org.matrix.msc3381.poll.start', cannot('a poll')],
  ['m.poll.response', cannot('a vote in a poll')],
  ['org.matrix.msc3381.poll.response', cannot('a vote in a poll')],
  ['m.poll.end', cannot('the end of a poll')],
  ['org.matrix.msc3381.poll.end', cannot('the end of a poll')],
  ['m.location', cannot('a location')],
  ['m.call.invite', cannot('a call')],
  ['m.call.notify', cannot('a call')],
  ['org.matrix.msc4075.call.notify', cannot('a call')],
  ['m.rtc.notification', cannot('a call')],
  ['org.matrix.msc4075.rtc.notification', cannot('a call')],
]);
