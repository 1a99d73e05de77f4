import type { MatrixEventId, MatrixRoomId } from '../model/matrix-ids.ts';
import type { MessageBody } from '../model/message-body.ts';
import type { Shown } from '../ports/appservice.ts';
import { sameSecret } from '../util/same-secret.ts';
import type { Context } from './context.ts';

const HOUR_MS = 3_600_000;

/** Who made it, then until which hour, of which portal and event: `[mac].[until].[portal].[event]`. */
const TOKEN = /^([\w-]{22})\.([0-9a-z]{1,8})\.([0-9a-z]{1,8})\.(.{1,255})$/s;

/**
 * The address under which anybody who is told it sees what an event says, or its file. Nothing is stored for
 * it: what it is of stands in it, and nobody else can make one. `undefined`: the world cannot reach the bridge.
 */
export function publicLink(
  { publishing, clock, keys }: Context,
  portal: number,
  event: MatrixEventId,
): string | undefined {
  if (!publishing) return undefined;
  const until = Math.ceil((clock.now() + publishing.keepMs) / HOUR_MS);
  const about = `${until.toString(36)}.${portal.toString(36)}.${event.slice(1)}`;
  return `${publishing.url}/said/${keys.link(about)}.${encodeURIComponent(about)}`;
}

/**
 * What is behind an address, as the homeserver has it now: nothing, once it is taken back or the room is no
 * longer bridged.
 *
 * @throws {MatrixError} when the homeserver cannot be asked.
 */
export async function shownAt(context: Context, token: string): Promise<Shown | undefined> {
  const [, mac = '', until = '', portalId = '', event = ''] = TOKEN.exec(token) ?? [];
  const isOurs = sameSecret(mac, context.keys.link(`${until}.${portalId}.${event}`));
  const isOver = Number.parseInt(until, 36) * HOUR_MS <= context.clock.now();
  if (!context.publishing || !isOurs || isOver) return undefined;
  const portal = await context.storage.portals.byId(Number.parseInt(portalId, 36));
  const body = portal && (await bodyIn(context, portal.roomId, `$${event}` as MatrixEventId));
  const file = body?.media?.[0];
  if (!file) return body && { text: body.text };
  return { file, open: (signal) => context.matrix.openMedia(file.ref, signal) };
}

/** It was said in this room, or in one that this one has replaced. */
async function bodyIn(
  context: Context,
  roomId: MatrixRoomId,
  id: MatrixEventId,
): Promise<MessageBody | undefined> {
  for (const each of [roomId, ...(await context.storage.portals.roomsBefore(roomId))]) {
    const body = await bodyOf(context, each, id);
    if (body) return body;
  }
  return undefined;
}

/** An edit says nothing any more once what it is of is taken back. */
async function bodyOf(
  { matrix }: Context,
  roomId: MatrixRoomId,
  id: MatrixEventId,
): Promise<MessageBody | undefined> {
  const event = await matrix.event(roomId, id);
  if (event?.kind === 'message') return event.body;
  if (event?.kind !== 'edit') return undefined;
  const edited = await matrix.event(roomId, event.target);
  return edited?.kind === 'message' ? event.body : undefined;
}
