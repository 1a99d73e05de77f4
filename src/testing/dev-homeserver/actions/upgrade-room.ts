import { z } from 'zod';
import { Fault } from '../fault.ts';
import type { Homeserver } from '../homeserver.ts';
import type { Requester } from '../requester.ts';
import { checkAllowed } from '../room/auth-rules.ts';
import { type Content, isObject, isRoomVersion } from '../room/event.ts';
import type { Room } from '../room/room.ts';
import { appendEvent } from './append-event.ts';
import { CreateRoom, createRoom } from './create-room.ts';

export const UpgradeRoom = z.object({
  new_version: z.string(),
  additional_creators: z.array(z.string()).optional(),
});

/** What a new room takes over from the one that it replaces, as Synapse does it. */
const COPIED = [
  ...['m.room.join_rules', 'm.room.name', 'm.room.topic', 'm.room.history_visibility'],
  ...['m.room.guest_access', 'm.room.avatar', 'm.room.encryption', 'm.room.server_acl'],
];

/** Makes a room that replaces another one, and shuts that. Aliases stay where they are. @throws {Fault} */
export function upgradeRoom(
  homeserver: Homeserver,
  { who, old }: { readonly who: Requester; readonly old: Room },
  { new_version: version, additional_creators: creators = [] }: z.infer<typeof UpgradeRoom>,
): string {
  if (!isRoomVersion(version))
    throw new Fault(400, 'M_UNSUPPORTED_ROOM_VERSION', `Room version '${version}' is not 11 or 12`);
  const sender = who.userId;
  const tombstone = (replacement: string) => ({
    type: 'm.room.tombstone',
    sender,
    stateKey: '',
    content: { body: 'This room has been replaced', replacement_room: replacement },
  });
  checkAllowed(old, tombstone('!new'));
  const levels = old.state('m.room.power_levels')?.content ?? {};
  const newLevels = version === '12' ? withoutUsers(levels, [sender, ...creators]) : levels;
  const room = createRoom(
    homeserver,
    who,
    CreateRoom.parse({
      room_version: version,
      creation_content: {
        predecessor: { room_id: old.id },
        ...(creators.length > 0 && { additional_creators: creators }),
      },
      initial_state: [...copied(old), { type: 'm.room.power_levels', content: newLevels }],
    }),
  );
  appendEvent(homeserver, old, tombstone(room));
  appendEvent(homeserver, old, {
    type: 'm.room.power_levels',
    sender,
    stateKey: '',
    content: shut(levels),
  });
  return room;
}

function copied(old: Room): readonly { type: string; content: Content }[] {
  return COPIED.flatMap((type) => {
    const event = old.state(type);
    return event ? [{ type, content: event.content }] : [];
  });
}

/** Creators have no place in them. */
function withoutUsers(levels: Content, creators: readonly string[]): Content {
  const users = isObject(levels['users']) ? Object.entries(levels['users']) : [];
  return { ...levels, users: Object.fromEntries(users.filter(([who]) => !creators.includes(who))) };
}

/** Only moderators speak and invite any more. */
function shut(levels: Content): Content {
  const least = Math.max(Number(levels['users_default'] ?? 0) + 1, 50);
  const raised = ['invite', 'events_default'].map((name) => [
    name,
    Math.max(Number(levels[name] ?? 0), least),
  ]);
  return { ...levels, ...Object.fromEntries(raised) };
}
