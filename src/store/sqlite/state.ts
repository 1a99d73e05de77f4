import type { Database } from 'better-sqlite3';
import type { VoiceId } from '../../model/remote-ids.ts';
import type { StateChange } from '../../ports/journal.ts';
import type { StateStore } from '../../ports/store.ts';
import type { Place, Sealer } from '../seal.ts';
import { limit } from './limit.ts';

interface Row {
  readonly key: string;
  readonly key_id: string;
  readonly sealed: Uint8Array;
}

/** Read at a time, as no cursor may stay open while the reader awaits something. */
const pageRows = 64;

const placeOf = (network: string, voice: string, key: string): Place => [
  'adapter_state',
  network,
  voice === '' ? null : voice,
  key,
];

/** Reads one value. `voice`: '' for the network's own. */
function reader(db: Database, sealer: Sealer) {
  const get = db.prepare<[string, string, string], Row>(
    'SELECT key, key_id, sealed FROM adapter_state WHERE voice = ? AND network = ? AND key = ?',
  );
  return (network: string, voice: string, key: string): Uint8Array | undefined => {
    const row = get.get(voice, network, key);
    return row && openRow(sealer, placeOf(network, voice, key), row);
  };
}

const openRow = (sealer: Sealer, place: Place, row: Row): Uint8Array =>
  sealer.open(place, { keyId: row.key_id, bytes: row.sealed });

export function stateStore(db: Database, sealer: Sealer): StateStore {
  const read = reader(db, sealer);
  // No UTF-8 holds the byte ff, so the range ends after the last key with the prefix.
  const page = db.prepare<[string, string, string, string, number], Row>(`
    SELECT key, key_id, sealed FROM adapter_state
    WHERE voice = ? AND network = ? AND key >= ? AND key < ? || CAST(x'ff' AS TEXT)
    ORDER BY key ${limit}`);

  async function* list(network: string, voice: VoiceId | undefined, prefix: string) {
    let from = prefix;
    for (;;) {
      const rows = page.all(voice ?? '', network, from, prefix, pageRows);
      for (const row of rows)
        yield [row.key, openRow(sealer, placeOf(network, voice ?? '', row.key), row)] as const;
      const last = rows.at(-1);
      if (last === undefined || rows.length < pageRows) return;
      from = `${last.key}\0`;
    }
  }
  return { get: async (network, voice, key) => read(network, voice ?? '', key), list };
}

/** Both run within a commit. */
export interface StateWrites {
  /** Whether what the change was computed from is what is there. */
  holds(network: string, change: StateChange): boolean;
  write(network: string, change: StateChange): void;
}

export function stateWrites(db: Database, sealer: Sealer): StateWrites {
  const read = reader(db, sealer);
  const remove = db.prepare<[string, string, string]>(
    'DELETE FROM adapter_state WHERE voice = ? AND network = ? AND key = ?',
  );
  const save = db.prepare<[string, string, string, string, Uint8Array]>(`
    INSERT INTO adapter_state (voice, network, key, key_id, sealed) VALUES (?, ?, ?, ?, ?)
    ON CONFLICT (voice, network, key) DO UPDATE SET key_id = excluded.key_id, sealed = excluded.sealed`);

  return {
    holds(network, { key, voice, from }) {
      if (from === undefined) return true;
      const there = read(network, voice ?? '', key);
      if (from === null || there === undefined) return from === null && there === undefined;
      return Buffer.compare(from, there) === 0;
    },
    write(network, { key, voice = '', value }) {
      if (value === null) {
        remove.run(voice, network, key);
        return;
      }
      const { keyId, bytes } = sealer.seal(placeOf(network, voice, key), value);
      save.run(voice, network, key, keyId, bytes);
    },
  };
}
