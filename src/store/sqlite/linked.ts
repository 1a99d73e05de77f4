import type { Database } from 'better-sqlite3';

/** Why a delivery failed whose portal is no more. As all reasons, a `BridgeErrorCode` comes first. */
export const unlinked = 'unsupported: the chat is no longer linked to this room';

/** Whether a portal is there, so that a delivery to it will be taken up. */
export function linkedPortals(db: Database): (portal: number) => boolean {
  const find = db.prepare<[number]>('SELECT 1 FROM portal WHERE id = ? AND unlinked = 0');
  return (portal) => find.get(portal) !== undefined;
}
