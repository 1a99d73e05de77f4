import type { Content, StoredEvent } from './event.ts';
import { isObject } from './event.ts';

/** What of its content an event keeps when it is redacted, from room version 11 on. */
const KEPT: Readonly<Record<string, readonly string[] | 'all'>> = {
  'm.room.create': 'all',
  'm.room.member': ['membership', 'join_authorised_via_users_server'],
  'm.room.join_rules': ['join_rule', 'allow'],
  'm.room.power_levels': [
    'ban',
    'events',
    'events_default',
    'invite',
    'kick',
    'redact',
    'state_default',
    'users',
    'users_default',
  ],
  'm.room.history_visibility': ['history_visibility'],
  'm.room.redaction': ['redacts'],
};

/**
 * An event after its redaction.
 *
 * @see https://spec.matrix.org/v1.15/rooms/v11/#redactions
 */
export function prune(event: StoredEvent, because?: StoredEvent): StoredEvent {
  const { unsigned, ...rest } = event;
  return {
    ...rest,
    content: keptContent(event),
    unsigned: {
      ...(unsigned?.replaces_state !== undefined && { replaces_state: unsigned.replaces_state }),
      ...(because !== undefined && { redacted_because: because }),
    },
  };
}

function keptContent({ type, content }: StoredEvent): Content {
  const kept = KEPT[type] ?? [];
  if (kept === 'all') return content;
  const fields = kept.filter((key) => content[key] !== undefined).map((key) => [key, content[key]]);
  const invite = type === 'm.room.member' ? content['third_party_invite'] : undefined;
  if (isObject(invite) && 'signed' in invite)
    fields.push(['third_party_invite', { signed: invite['signed'] }]);
  return Object.fromEntries(fields);
}
