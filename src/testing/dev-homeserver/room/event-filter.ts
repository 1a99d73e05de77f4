import { z } from 'zod';
import type { Entry } from './event.ts';

const Names = z.array(z.string()).optional();

/** @see https://spec.matrix.org/v1.15/client-server-api/#filtering */
export const EventFilter = z.object({
  limit: z.number().int().positive().optional(),
  types: Names,
  not_types: Names,
  senders: Names,
  not_senders: Names,
  rooms: Names,
  not_rooms: Names,
  contains_url: z.boolean().optional(),
});
export type EventFilter = z.infer<typeof EventFilter>;

/** Whether a filter lets an event through. In types, `*` stands for anything. */
export function passes(filter: EventFilter, { event }: Entry): boolean {
  return (
    passesType(filter, event.type) &&
    passesRoom(filter, event.room_id) &&
    isWanted(event.sender, filter.senders, filter.not_senders) &&
    (filter.contains_url === undefined ||
      filter.contains_url === (typeof event.content['url'] === 'string'))
  );
}

export function passesType({ types, not_types: notTypes }: EventFilter, type: string): boolean {
  const any = (patterns: readonly string[]) => patterns.some((pattern) => matches(pattern, type));
  return (types === undefined || any(types)) && !any(notTypes ?? []);
}

export const passesRoom = ({ rooms, not_rooms: notRooms }: EventFilter, roomId: string) =>
  isWanted(roomId, rooms, notRooms);

const isWanted = (
  id: string,
  wanted: readonly string[] | undefined,
  unwanted: readonly string[] | undefined,
) => (wanted === undefined || wanted.includes(id)) && !unwanted?.includes(id);

function matches(pattern: string, type: string): boolean {
  const parts = pattern.split('*').map((part) => part.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`, 's').test(type);
}
