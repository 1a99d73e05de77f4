import { refused } from '../fault.ts';
import type { Homeserver } from '../homeserver.ts';
import type { Call } from '../http/call.ts';
import { exact, type Route } from '../http/router.ts';
import { historicEvent } from '../room/client-event.ts';
import type { Entry } from '../room/event.ts';
import { relationsTo } from '../room/relations.ts';
import { relationOf } from '../room/room.ts';
import { isVisible } from '../room/sight.ts';
import { printPlace, readToken } from '../token.ts';
import { directionOf, limitOf, visibleEntry } from './messages.ts';
import { sight } from './state.ts';

/** What was said about an event. */
export function relationRoutes(homeserver: Homeserver): readonly Route[] {
  const path = '/_matrix/client/v1/rooms/:room/relations/:eventId';
  const list = (wants: (entry: Entry, call: Call) => boolean) => (call: Call) =>
    relations(homeserver, call, (entry) => wants(entry, call));
  const ofKind = (entry: Entry, call: Call) =>
    relationOf(entry.event.content)?.type === call.param('relType');
  return [
    exact(
      'GET',
      path,
      list(() => true),
    ),
    exact('GET', `${path}/:relType`, list(ofKind)),
    exact(
      'GET',
      `${path}/:relType/:type`,
      list((entry, call) => ofKind(entry, call) && entry.event.type === call.param('type')),
    ),
  ];
}

function relations(homeserver: Homeserver, call: Call, wants: (entry: Entry) => boolean): object {
  const seen = sight(homeserver, call);
  const target = call.param('eventId');
  if (!seen.room.byId.has(target)) throw refused('Unknown parent event.', 404);
  visibleEntry(seen, target);
  const isBackwards = directionOf(call) === 'b';
  const from = call.query.get('from');
  const start = from === null ? undefined : readToken(from).position;
  const all = relationsTo(seen.room, target).filter(
    (entry) => isVisible(seen, entry) && wants(entry) && isAfter(entry, start, isBackwards),
  );
  const limit = limitOf(call, { limit: 5 });
  const page = (isBackwards ? all.reverse() : all).slice(0, limit);
  const last = page.at(-1)?.position ?? 0;
  return {
    chunk: page.map((entry) => historicEvent(seen.room, entry, seen.viewer)),
    ...(from !== null && { prev_batch: from }),
    ...(all.length > page.length && { next_batch: printPlace(isBackwards ? last - 1 : last) }),
  };
}

const isAfter = ({ position }: Entry, start: number | undefined, isBackwards: boolean) =>
  start === undefined || (isBackwards ? position <= start : position > start);
