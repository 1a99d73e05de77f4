import type { Homeserver } from '../homeserver.ts';
import { clientEvent, stateEvent } from '../room/client-event.ts';
import { type Entry, membershipOf } from '../room/event.ts';
import { passes, passesType } from '../room/event-filter.ts';
import type { Room } from '../room/room.ts';
import { isVisible, type Sight, sightOf } from '../room/sight.ts';
import { printPlace, type Token } from '../token.ts';
import { receiptContent } from '../world/receipts.ts';
import type { SyncRequest } from './request.ts';
import { summary } from './summary.ts';

const DEFAULT_LIMIT = 10;

/** A room that the user is in; `undefined` where there is nothing new. */
export function joinedRoom(
  homeserver: Homeserver,
  request: SyncRequest,
  room: Room,
): object | undefined {
  const { who, since, filter, fullState } = request;
  if (since !== undefined && !fullState && !isTouched(homeserver, room, { who, since }))
    return undefined;
  const start = startOf(request, room);
  const { timeline, state } = told(request, sightOf(room, who), start);
  const ephemeral = ephemeralOf(homeserver, request, room);
  const accountData = homeserver.world.personal
    .since(who.userId, room.id, fullState ? 0 : (since?.position ?? 0))
    .filter(({ type }) => passesType(filter.room.account_data, type));
  const isNew = start === 0 || fullState;
  const news = timeline.events.length + state.length + ephemeral.length + accountData.length;
  if (news === 0 && !isNew) return undefined;
  return {
    timeline,
    state: { events: state },
    ephemeral: { events: ephemeral },
    account_data: { events: accountData },
    unread_notifications: { notification_count: 0, highlight_count: 0 },
    summary: summary(room, who.userId, start),
  };
}

/** Whether anything at all happened: most rooms are quiet most of the time. */
function isTouched(
  { world, typing }: Homeserver,
  room: Room,
  { who, since }: { readonly who: SyncRequest['who']; readonly since: Token },
): boolean {
  return (
    lastPosition(room) > since.position ||
    typing.changedAfter(room.id, since.typing) ||
    world.receipts.changedAfter(room.id, since.position) ||
    world.personal.since(who.userId, room.id, since.position).length > 0
  );
}

/** A room that the user left, or was made to leave, since they last asked. */
export function leftRoom(request: SyncRequest, room: Room): object | undefined {
  const { since, filter, who } = request;
  const last = room.membershipSteps(who.userId).at(-1);
  if (last === undefined || last.position <= (since?.position ?? 0)) return undefined;
  // In a first sync only what somebody else did to them is news.
  const isNews = since !== undefined || last.event.sender !== who.userId;
  if (!isNews && !filter.room.include_leave) return undefined;
  if (since === undefined && room.forgottenBy.has(who.userId)) return undefined;
  // Not by what they may look at now: who is banned is told so.
  const seen = { room, viewer: who, untilPosition: last.position };
  const { timeline, state } = told(request, seen, since?.position ?? 0);
  return { timeline, state: { events: state }, account_data: { events: [] } };
}

/** From where on a room is news: from its beginning for somebody who has just come in. */
function startOf({ since, who }: SyncRequest, room: Room): number {
  if (since === undefined || room.membership(who.userId, since.position) !== 'join') return 0;
  const stayed = room
    .membershipSteps(who.userId)
    .every(({ position, event }) => position <= since.position || membershipOf(event) === 'join');
  return stayed ? since.position : 0;
}

function told(request: SyncRequest, seen: Sight, start: number) {
  const { room, viewer } = seen;
  const { filter } = request;
  const limit = filter.room.timeline.limit ?? DEFAULT_LIMIT;
  const wants = (entry: Entry) => passes(filter.room.timeline, entry);
  const { entries, isLimited } = newest(seen, start, wants, limit);
  const first = entries[0]?.position ?? Math.min(seen.untilPosition, lastPosition(room)) + 1;
  const isWhole = start === 0 || request.fullState;
  const state = isWhole
    ? room.allState(first - 1)
    : isLimited
      ? changedState(room, start, first)
      : [];
  return {
    timeline: {
      events: entries.map((entry) => clientEvent(room, entry, viewer)),
      // Who comes in has not seen what was before, even if all of it fits.
      limited: isLimited || (start === 0 && request.since !== undefined),
      prev_batch: printPlace(first - 1),
    },
    state: state
      .filter((entry) => passes(filter.room.state, entry))
      .map((entry) => stateEvent(entry, viewer)),
  };
}

const lastPosition = (room: Room) => room.timeline.at(-1)?.position ?? 0;

/** The last `limit` entries after `start` that pass, and whether there were more. */
function newest(seen: Sight, start: number, wants: (entry: Entry) => boolean, limit: number) {
  const entries: Entry[] = [];
  const { timeline } = seen.room;
  for (let index = timeline.length - 1; index >= 0; index -= 1) {
    const entry = timeline[index];
    if (entry === undefined || entry.position <= start) break;
    if (!isVisible(seen, entry) || !wants(entry)) continue;
    if (entries.length === limit) return { entries: entries.reverse(), isLimited: true };
    entries.push(entry);
  }
  return { entries: entries.reverse(), isLimited: false };
}

/** State that changed in a gap, as it is at the gap's end. */
function changedState(room: Room, start: number, end: number): readonly Entry[] {
  return room.allState(end - 1).filter(({ position }) => position > start);
}

function ephemeralOf(
  { world, typing }: Homeserver,
  { who, since, filter }: SyncRequest,
  room: Room,
): readonly object[] {
  const wants = (type: string) => passesType(filter.room.ephemeral, type);
  const receipts = world.receipts.since(room.id, who.userId, since?.position ?? 0);
  const typists = typing.in(room.id);
  const isTypingNews =
    since === undefined ? typists.length > 0 : typing.changedAfter(room.id, since.typing);
  return [
    ...(receipts.length > 0 && wants('m.receipt')
      ? [{ type: 'm.receipt', content: receiptContent(receipts) }]
      : []),
    ...(isTypingNews && wants('m.typing')
      ? [{ type: 'm.typing', content: { user_ids: typists } }]
      : []),
  ];
}
