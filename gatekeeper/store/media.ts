import type { Database } from './open.ts';

export interface MediaRow {
  readonly media_id: string;
  readonly owner_ref: string;
  readonly size_bytes: number;
  readonly sha256: string;
  readonly offset_bytes: number;
  readonly complete: number;
  readonly created_ms: number;
}

export function media(db: Database) {
  const insert = db.prepare(`
    INSERT INTO media (media_id, owner_ref, size_bytes, sha256, created_ms)
    VALUES (@media_id, @owner_ref, @size_bytes, @sha256, @created_ms)`);
  const get = db.prepare<[string], MediaRow>('SELECT * FROM media WHERE media_id = ?');
  const set = db.prepare('UPDATE media SET offset_bytes = ?, complete = ? WHERE media_id = ?');
  const old = db.prepare<[number], MediaRow>('SELECT * FROM media WHERE created_ms < ? LIMIT 100');
  const remove = db.prepare('DELETE FROM media WHERE media_id = ?');
  return {
    add: (row: Omit<MediaRow, 'offset_bytes' | 'complete'>): void => void insert.run(row),
    get: (mediaId: string) => get.get(mediaId),
    setOffset: (mediaId: string, offsetBytes: number, complete: boolean): void =>
      void set.run(offsetBytes, Number(complete), mediaId),
    olderThan: (ms: number): MediaRow[] => old.all(ms),
    remove: (mediaId: string): void => void remove.run(mediaId),
  };
}
