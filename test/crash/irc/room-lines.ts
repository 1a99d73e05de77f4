import type { MatrixEvent } from '../matrix-reading.ts';
import { push } from '../side.ts';

/** What the bridge put into a room: somebody's words, or word of what nobody can have any more. */
export type RoomLine =
  | { readonly is: 'words'; readonly text: string }
  | { readonly is: 'hole'; readonly sinceMs: number; readonly untilMs: number };

const HOLE = /^What was said in \S+ between (\S+) and (\S+) could not be bridged\.$/;

/** By chat, in the order of the homeserver. @param prefix how the names of the bridge's own users begin. */
export function roomLines(
  events: readonly MatrixEvent[],
  rooms: ReadonlyMap<string, string>,
  prefix: string,
): ReadonlyMap<string, readonly RoomLine[]> {
  const chats = new Map([...rooms].map(([chat, room]) => [room, chat]));
  const lines = new Map<string, RoomLine[]>();
  for (const { type, sender, room_id, content } of events) {
    const chat = chats.get(room_id);
    const isOurs = sender.startsWith(`@${prefix}`);
    if (chat === undefined || type !== 'm.room.message' || !isOurs) continue;
    const line = lineOf(content);
    if (line) push(lines, chat, line);
  }
  return lines;
}

function lineOf({ msgtype, body = '' }: MatrixEvent['content']): RoomLine | undefined {
  if (msgtype !== 'm.notice') return { is: 'words', text: body };
  const [, since, until] = HOLE.exec(body) ?? [];
  if (since === undefined || until === undefined) return undefined;
  return { is: 'hole', sinceMs: Date.parse(since), untilMs: Date.parse(until) };
}
