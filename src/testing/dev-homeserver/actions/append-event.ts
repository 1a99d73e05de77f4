import { caresForEvent } from '../appservice/interest.ts';
import { forbidden, notFound } from '../fault.ts';
import type { Homeserver } from '../homeserver.ts';
import { checkAllowed, checkContent, mayRedactOthers } from '../room/auth-rules.ts';
import { sameJson } from '../room/canonical-json.ts';
import type { Draft, Echo, StoredEvent } from '../room/event.ts';
import { eventIdFor } from '../room/event-id.ts';
import { checkRelation } from '../room/relations.ts';
import type { Room } from '../room/room.ts';
import { checkCanonicalAlias } from './aliases.ts';

/**
 * Makes an event of a draft, if the room lets it in, and gives back its id. State that is the same
 * already stays as it is, under its old id.
 *
 * @throws {Fault} and then nothing has changed.
 */
export function appendEvent(homeserver: Homeserver, room: Room, draft: Draft, echo?: Echo): string {
  checkContent(draft);
  const same = sameState(room, draft);
  if (same !== undefined) return same.event_id;
  checkAllowed(room, draft);
  checkRelation(room, draft);
  if (draft.type === 'm.room.redaction') checkRedaction(room, draft);
  if (draft.type === 'm.room.canonical_alias') checkCanonicalAlias(homeserver, room, draft);
  const event = newEvent(homeserver, room, draft);
  commitEvent(homeserver, event, echo);
  return event.event_id;
}

function sameState(room: Room, { type, stateKey, sender, content }: Draft) {
  if (stateKey === undefined) return undefined;
  const old = room.state(type, stateKey);
  return old?.sender === sender && sameJson(old.content, content) ? old : undefined;
}

function checkRedaction(room: Room, { sender, content }: Draft): void {
  const targetId = String(content['redacts']);
  const target = room.byId.get(targetId)?.event;
  if (target?.type === 'm.room.create') throw forbidden('Redacting create events is not permitted');
  // Also what nobody knows: it may be still to come.
  if (mayRedactOthers(room, sender)) return;
  if (target === undefined) throw notFound(`Could not find event ${targetId}`);
  if (target.sender !== sender) throw forbidden("You don't have permission to redact events");
}

function newEvent(homeserver: Homeserver, room: Room, draft: Draft): StoredEvent {
  const sentAtMs = draft.sentAtMs ?? Date.now();
  const place = {
    roomId: room.id,
    serverName: homeserver.serverName,
    depth: room.timeline.length + 1,
    previous: room.timeline.at(-1)?.event.event_id,
  };
  return {
    event_id: eventIdFor(room, { ...draft, sentAtMs }, place),
    ...fieldsOf(room.id, draft, sentAtMs),
    ...(draft.stateKey !== undefined && replaced(room, draft.type, draft.stateKey)),
  };
}

function replaced(room: Room, type: string, stateKey: string) {
  const old = room.state(type, stateKey);
  if (old === undefined) return {};
  return {
    unsigned: {
      replaces_state: old.event_id,
      prev_content: old.content,
      prev_sender: old.sender,
    },
  };
}

/** An event of an id that is known already: the first of a room. */
export function fieldsOf(roomId: string, draft: Draft, sentAtMs: number) {
  return {
    room_id: roomId,
    type: draft.type,
    sender: draft.sender,
    ...(draft.stateKey !== undefined && { state_key: draft.stateKey }),
    content: draft.content,
    origin_server_ts: sentAtMs,
  };
}

export function commitEvent(homeserver: Homeserver, event: StoredEvent, echo?: Echo): void {
  const interested = homeserver.appservices
    .filter((appservice) => caresForEvent(appservice, event, homeserver.world))
    .filter(({ url }) => url !== undefined)
    .map(({ id }) => id)
    .filter((id) => homeserver.mishaps.ofDelivery('lose-event', id) === undefined);
  const receivedAtMs = Date.now();
  homeserver.commit({
    kind: 'event',
    event,
    interested,
    ...(echo && { echo }),
    ...(receivedAtMs !== event.origin_server_ts && { receivedAtMs }),
  });
}

/** @throws {Fault} 403 where there is no such room, so that nobody can find out which there are. */
export function roomOr403(homeserver: Homeserver, roomId: string, userId: string): Room {
  const room = homeserver.world.rooms.get(roomId);
  if (room === undefined) throw forbidden(`User ${userId} not in room ${roomId}`);
  return room;
}
