import type { Device } from '#gia/schemas';
import type { Database } from './open.ts';

export interface DeviceRow {
  readonly user_ref: string;
  readonly device: string;
  readonly kind: Device['kind'];
  readonly operator: string | null;
  readonly purpose: string | null;
  /** Its signature keys, as JSON. */
  readonly keys: string;
  /** The version of the list since which it is there with these keys. */
  readonly since_v: number;
}

export function devices(db: Database) {
  const of = db.prepare<[string], DeviceRow>(
    'SELECT * FROM devices WHERE user_ref = ? ORDER BY device',
  );
  const get = db.prepare<[string, string], DeviceRow>(
    'SELECT * FROM devices WHERE user_ref = ? AND device = ?',
  );
  const put = db.prepare(`
    INSERT OR REPLACE INTO devices (user_ref, device, kind, operator, purpose, keys, since_v)
    VALUES (@user_ref, @device, @kind, @operator, @purpose, @keys, @since_v)`);
  const remove = db.prepare('DELETE FROM devices WHERE user_ref = ? AND device = ?');
  return {
    of: (userRef: string): DeviceRow[] => of.all(userRef),
    get: (userRef: string, device: string) => get.get(userRef, device),
    put: (row: DeviceRow): void => void put.run(row),
    remove: (userRef: string, device: string): void => void remove.run(userRef, device),
  };
}
