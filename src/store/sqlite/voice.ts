import type { Database } from 'better-sqlite3';
import type { MatrixUserId } from '../../model/matrix-ids.ts';
import type { VoiceId } from '../../model/remote-ids.ts';
import type { VoiceRow, VoiceStore } from '../../ports/store.ts';
import type { Writer } from './group-commit.ts';

interface Row {
  readonly id: string;
  readonly network: string;
  readonly kind: string;
  readonly user_id: string | null;
  readonly is_out: number;
}

export function voiceStore(db: Database, writer: Writer): VoiceStore {
  const byId = db.prepare<[string], Row>('SELECT * FROM voice WHERE id = ?');
  const ofNetwork = db.prepare<[string], Row>('SELECT * FROM voice WHERE network = ? ORDER BY id');
  const save = db.prepare<[string, string, string, string | null, number]>(`
    INSERT INTO voice (id, network, kind, user_id, is_out) VALUES (?, ?, ?, ?, ?)
    ON CONFLICT (id) DO UPDATE SET network = excluded.network, kind = excluded.kind,
      user_id = excluded.user_id, is_out = excluded.is_out`);
  const remove = db.prepare<[string]>('DELETE FROM voice WHERE id = ?');
  const removeState = db.prepare<[string]>('DELETE FROM adapter_state WHERE voice = ?');

  return {
    byId: async (id) => {
      const row = byId.get(id);
      return row && toVoice(row);
    },
    ofNetwork: async (network) => ofNetwork.all(network).map(toVoice),
    save: ({ id, network, kind, userId, isOut }) =>
      writer.run(() => void save.run(id, network, kind, userId ?? null, isOut ? 1 : 0)),
    remove: (id) =>
      writer.run(() => {
        removeState.run(id);
        remove.run(id);
      }),
  };
}

const toVoice = (row: Row): VoiceRow => ({
  id: row.id as VoiceId,
  network: row.network,
  kind: row.kind as VoiceRow['kind'],
  ...(row.user_id !== null && { userId: row.user_id as MatrixUserId }),
  isOut: row.is_out === 1,
});
