import { z } from 'zod';
import { notFound } from '../fault.ts';
import type { Homeserver } from '../homeserver.ts';
import { shaped } from '../http/call.ts';
import { parseObject } from '../http/json-body.ts';
import { EventFilter } from '../room/event-filter.ts';

const none: EventFilter = {};
const Part = EventFilter.default(none);

/** What of a filter this homeserver acts on. The rest is let through. */
export const SyncFilter = z
  .object({
    room: z
      .object({
        rooms: z.array(z.string()).optional(),
        not_rooms: z.array(z.string()).optional(),
        include_leave: z.boolean().default(false),
        timeline: Part,
        state: Part,
        ephemeral: Part,
        account_data: Part,
      })
      .prefault({}),
    account_data: Part,
  })
  .prefault({});
export type SyncFilter = z.infer<typeof SyncFilter>;

/** Reads a filter, or the id of one that was saved. @throws {Fault} */
export function readFilter(
  { world }: Homeserver,
  userId: string,
  given: string | null,
): SyncFilter {
  if (given === null) return SyncFilter.parse({});
  if (given.startsWith('{')) return shaped(SyncFilter, parseObject(Buffer.from(given)));
  const saved = world.personal.filter(userId, given);
  if (saved === undefined) throw notFound('No such filter');
  return shaped(SyncFilter, saved);
}
