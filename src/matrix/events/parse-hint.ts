import type { MatrixEventId, MatrixRoomId, MatrixUserId } from '../../model/matrix-ids.ts';
import type { MatrixHint } from '../../ports/matrix.ts';
import { count, list, object, text } from '../../util/fields.ts';

/** Understands an ephemeral event of a transaction. `undefined`: nothing that is passed on. Never throws. */
export function parseHint(edu: unknown): MatrixHint | undefined {
  if (text(edu, 'type') === 'm.presence') return presence(edu);
  const roomId = text(edu, 'room_id') as MatrixRoomId | undefined;
  if (roomId === undefined) return undefined;
  const type = text(edu, 'type');
  if (type === 'm.typing') return { kind: 'typing', roomId, who: typers(edu) };
  if (type === 'm.receipt') return { kind: 'read', roomId, reads: reads(edu) };
  return undefined;
}

/** Only who says nothing is away: `offline` is also whoever has closed a window. */
function presence(edu: unknown): MatrixHint | undefined {
  const who = text(edu, 'sender') as MatrixUserId | undefined;
  const content = object(edu, 'content');
  const state = text(content, 'presence');
  if (who === undefined || (state !== 'online' && state !== 'unavailable')) return undefined;
  const words = text(content, 'status_msg') ?? '';
  return { kind: 'presence', who, ...(state === 'unavailable' && { away: words }) };
}

const typers = (edu: unknown): readonly MatrixUserId[] =>
  list(object(edu, 'content'), 'user_ids').filter(
    (userId): userId is MatrixUserId => typeof userId === 'string',
  );

/** By event, then by kind of receipt, then by user. What is private stays so. Of each user the newest. */
function reads(edu: unknown): readonly { who: MatrixUserId; upTo: MatrixEventId }[] {
  const content = object(edu, 'content');
  const newest = new Map<string, { readonly upTo: string; readonly atMs: number }>();
  for (const upTo of Object.keys(content)) {
    const receipts = object(object(content, upTo), 'm.read');
    for (const who of Object.keys(receipts)) {
      const atMs = count(object(receipts, who), 'ts') ?? 0;
      if (atMs >= (newest.get(who)?.atMs ?? 0)) newest.set(who, { upTo, atMs });
    }
  }
  return [...newest].map(([who, { upTo }]) => ({
    who: who as MatrixUserId,
    upTo: upTo as MatrixEventId,
  }));
}
