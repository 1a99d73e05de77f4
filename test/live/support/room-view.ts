/** A Matrix event as the homeserver gives it. */
export interface RoomEvent {
  readonly event_id: string;
  readonly type: string;
  readonly sender: string;
  readonly room_id?: string;
  readonly state_key?: string;
  readonly origin_server_ts: number;
  readonly content: Readonly<Record<string, unknown>>;
  readonly redacts?: string;
  readonly unsigned?: Readonly<Record<string, unknown>>;
}

/** A message as a client shows it. */
export interface Line {
  readonly id: string;
  readonly sender: string;
  readonly body: string;
  readonly as: 'text' | 'emote' | 'notice' | 'other';
  readonly edited: boolean;
  readonly removed: boolean;
  /** Emoji, each as often as it was put there by somebody and not taken back. */
  readonly reactions: readonly string[];
}

type Relation = { rel_type?: string; event_id?: string; key?: string };

const relation = (event: RoomEvent) => (event.content['m.relates_to'] ?? {}) as Relation;

const kinds: Readonly<Record<string, Line['as']>> = {
  'm.text': 'text',
  'm.emote': 'emote',
  'm.notice': 'notice',
};

/** What a client makes of a room's events: edits and redactions are carried out, reactions counted. */
export function linesOf(events: readonly RoomEvent[]): Line[] {
  const removed = new Set(events.flatMap(removedBy));
  const lines = new Map<string, Line>();
  for (const event of events) {
    if (event.type === 'm.reaction') addReaction(lines, event, removed);
    else if (event.type === 'm.room.message') addMessage(lines, event, removed);
  }
  return [...lines.values()];
}

/** Room versions from 11 on keep the target in the content. */
function removedBy(event: RoomEvent): string[] {
  if (event.type !== 'm.room.redaction') return [];
  const target = event.redacts ?? event.content['redacts'];
  return typeof target === 'string' ? [target] : [];
}

function addMessage(
  lines: Map<string, Line>,
  event: RoomEvent,
  removed: ReadonlySet<string>,
): void {
  const { rel_type, event_id } = relation(event);
  const target = lines.get(event_id ?? '');
  if (rel_type === 'm.replace') {
    if (target === undefined || target.sender !== event.sender || removed.has(event.event_id))
      return;
    const content = event.content['m.new_content'] as { body?: string } | undefined;
    lines.set(target.id, { ...target, body: content?.body ?? '', edited: true });
    return;
  }
  lines.set(event.event_id, {
    id: event.event_id,
    sender: event.sender,
    body: String(event.content['body'] ?? ''),
    as: kinds[String(event.content['msgtype'])] ?? 'other',
    edited: false,
    removed: removed.has(event.event_id) || event.unsigned?.['redacted_because'] !== undefined,
    reactions: [],
  });
}

function addReaction(
  lines: Map<string, Line>,
  event: RoomEvent,
  removed: ReadonlySet<string>,
): void {
  const { event_id, key } = relation(event);
  const target = lines.get(event_id ?? '');
  if (target === undefined || key === undefined || removed.has(event.event_id)) return;
  lines.set(target.id, { ...target, reactions: [...target.reactions, key] });
}
