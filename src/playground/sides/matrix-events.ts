import { z } from 'zod';
import type { ChatChange, Fate } from './chat-log.ts';

const event = z.looseObject({
  type: z.string(),
  event_id: z.string(),
  sender: z.string(),
  origin_server_ts: z.number(),
  state_key: z.string().optional(),
  redacts: z.string().optional(),
  content: z.looseObject({
    redacts: z.unknown().optional(),
    status: z.unknown().optional(),
    'm.relates_to': z.unknown().optional(),
    'm.new_content': z.unknown().optional(),
  }),
  unsigned: z.looseObject({ redacted_because: z.unknown().optional() }).optional(),
});

/** A Matrix event, as far as the page has a use for it. */
export type RoomEvent = z.output<typeof event>;

const relation = z.looseObject({
  rel_type: z.string().optional(),
  event_id: z.string().optional(),
  key: z.string().optional(),
  'm.in_reply_to': z.looseObject({ event_id: z.string() }).optional(),
});

const words = z.looseObject({ body: z.string(), msgtype: z.string().optional() });
const member = z.looseObject({ membership: z.string(), displayname: z.string().nullish() });

/** What is no event at all is left out: the page shows what can be shown. */
export function readEvents(raw: unknown): readonly RoomEvent[] {
  const list = Array.isArray(raw) ? raw : [];
  return list.map((one) => event.safeParse(one)).flatMap(({ data }) => (data ? [data] : []));
}

/** What an event of the timeline means for the page. Pure. */
export function toChanges(
  event: RoomEvent,
  isBridged: (userId: string) => boolean,
): readonly ChatChange[] {
  switch (event.type) {
    case 'm.room.message':
      return messageChanges(event, isBridged);
    case 'm.reaction':
      return reactionChanges(event);
    case 'm.room.redaction': {
      const target = event.redacts ?? event.content.redacts;
      return typeof target === 'string' ? [{ kind: 'removed', target }] : [];
    }
    case 'com.beeper.message_send_status':
      return fateChanges(event);
    default:
      return [];
  }
}

/** Who came, went or was renamed. */
export function toMembership(
  event: RoomEvent,
): { readonly id: string; readonly name: string; readonly isHere: boolean } | undefined {
  const parsed = member.safeParse(event.content);
  const id = event.state_key;
  if (event.type !== 'm.room.member' || id === undefined || !parsed.success) return undefined;
  const { membership, displayname } = parsed.data;
  const localpart = id.slice(1, id.indexOf(':'));
  return { id, name: displayname || localpart, isHere: membership === 'join' };
}

function messageChanges(
  event: RoomEvent,
  isBridged: (userId: string) => boolean,
): readonly ChatChange[] {
  const { event_id: id, sender, content, origin_server_ts: atMs } = event;
  const bridged = isBridged(sender);
  const isRedacted = event.unsigned?.redacted_because !== undefined;
  const said = words.safeParse(content);
  if (isRedacted || !said.success)
    return isRedacted
      ? [
          { kind: 'said', id, sender, text: '', atMs, bridged },
          { kind: 'removed', target: id },
        ]
      : [];
  const relates = relation.safeParse(content['m.relates_to']).data;
  if (relates?.rel_type === 'm.replace') return editChanges(relates.event_id, content);
  const as = { 'm.emote': 'emote', 'm.notice': 'notice' }[said.data.msgtype ?? ''];
  const replyTo = relates?.['m.in_reply_to']?.event_id;
  return [
    {
      kind: 'said',
      ...{ id, sender, atMs, bridged },
      text: said.data.body,
      ...(as !== undefined && { as: as as 'emote' | 'notice' }),
      ...(replyTo !== undefined && { replyTo }),
    },
  ];
}

function editChanges(target: string | undefined, content: RoomEvent['content']): ChatChange[] {
  const fresh = words.safeParse(content['m.new_content']);
  if (target === undefined || !fresh.success) return [];
  return [{ kind: 'edited', target, text: fresh.data.body }];
}

function reactionChanges(event: RoomEvent): readonly ChatChange[] {
  const relates = relation.safeParse(event.content['m.relates_to']).data;
  if (relates?.event_id === undefined || relates.key === undefined) return [];
  const { event_id: target, key: emoji } = relates;
  const reaction = { id: event.event_id, target, emoji, by: event.sender };
  return [{ kind: 'reacted', ...reaction, removed: false }];
}

const fates: Readonly<Record<string, Fate>> = {
  SUCCESS: 'delivered',
  PENDING: 'retrying',
  FAIL_RETRIABLE: 'failed',
  FAIL_PERMANENT: 'unknown',
};

function fateChanges({ content }: RoomEvent): readonly ChatChange[] {
  const target = relation.safeParse(content['m.relates_to']).data?.event_id;
  const fate = fates[String(content.status)];
  return target === undefined || fate === undefined ? [] : [{ kind: 'fate', target, fate }];
}
