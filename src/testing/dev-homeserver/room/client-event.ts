import type { World } from '../world/world.ts';
import type { Entry, StoredEvent } from './event.ts';
import { bundledRelations } from './relations.ts';
import type { Room } from './room.ts';

/** Who looks at an event. */
export interface Viewer {
  readonly userId: string;
  readonly deviceId?: string | undefined;
}

/** An event as a client sees it in a sync. */
export function clientEvent(room: Room, entry: Entry, viewer: Viewer): object {
  const shown = plainEvent(entry, viewer);
  const membership = room.membership(viewer.userId, entry.position) ?? 'leave';
  const related = bundledRelations(room, entry, {
    userId: viewer.userId,
    show: (one) => plainEvent(one, viewer),
  });
  const isRelated = Object.keys(related).length > 0;
  return {
    ...shown,
    unsigned: { ...shown.unsigned, membership, ...(isRelated && { 'm.relations': related }) },
  };
}

/** An event as a client sees it elsewhere: with the names of long ago beside those of today. */
export function historicEvent(room: Room, entry: Entry, viewer: Viewer): object {
  return withOldNames(clientEvent(room, entry, viewer) as ReturnType<typeof plainEvent>);
}

/** An event of the state, which has no history. */
export const stateEvent = (entry: Entry, viewer: Viewer): object => plainEvent(entry, viewer);

function plainEvent(entry: Entry, viewer: Viewer) {
  const { event, echo } = entry;
  const isOwnEcho =
    echo !== undefined && echo.userId === viewer.userId && echo.deviceId === viewer.deviceId;
  return {
    ...wire(event),
    unsigned: { ...unsignedOf(entry), ...(isOwnEcho && { transaction_id: echo.txnId }) },
  };
}

function withOldNames<
  E extends { sender: string; unsigned: { age: number; redacted_because?: object } },
>(event: E) {
  const { age, redacted_because: because } = event.unsigned;
  return { ...event, user_id: event.sender, age, ...(because && { redacted_because: because }) };
}

/** From room version 11 on the target stands in the content; clients of old look beside it. */
function wire(event: StoredEvent) {
  const redacts = event.type === 'm.room.redaction' ? event.content['redacts'] : undefined;
  return redacts === undefined ? event : { ...event, redacts };
}

function unsignedOf({ event: { unsigned }, receivedAtMs }: Entry) {
  const because = unsigned?.redacted_because;
  return {
    age: Date.now() - receivedAtMs,
    ...unsigned,
    ...(because !== undefined && {
      redacted_by: because.event_id,
      redacted_because: {
        ...wire(because),
        unsigned: { age: Date.now() - because.origin_server_ts },
      },
    }),
  };
}

/** An event as it is pushed to an appservice. */
export function appserviceEvent(world: World, entry: Entry): object {
  const { event, position } = entry;
  const unsigned = unsignedOf(entry);
  const room = world.rooms.get(event.room_id);
  const isInvite = event.type === 'm.room.member' && event.content['membership'] === 'invite';
  return withOldNames({
    ...wire(event),
    unsigned: {
      ...unsigned,
      ...(isInvite && room && { invite_room_state: strippedState(room, event, position) }),
    },
  });
}

const STRIPPED = [
  'm.room.create',
  'm.room.join_rules',
  'm.room.canonical_alias',
  'm.room.avatar',
  'm.room.encryption',
  'm.room.name',
  'm.room.topic',
];

/** What somebody is told of a room that they are invited to. */
export function strippedState(
  room: Room,
  invite: StoredEvent,
  position: number,
): readonly object[] {
  const about = STRIPPED.map((type) => room.stateAt(position, type));
  const host = room.stateAt(position, 'm.room.member', invite.sender);
  return [...about, host].flatMap((entry) => (entry === undefined ? [] : [stripped(entry.event)]));
}

export function stripped({ type, state_key, sender, content }: StoredEvent): object {
  return { type, state_key, sender, content };
}
