import type { Write } from '../../ports/journal.ts';
import type { PolicyRule } from '../../ports/matrix.ts';
import type { Storage } from '../../ports/store.ts';

/** Among the states of networks. None of theirs has a name that begins so. */
const POLICIES = '=policies';

const change = (key: string, value: Uint8Array | null): Write => ({
  kind: 'state',
  network: POLICIES,
  change: { key, value },
});

/** The rules of policy rooms as they were last read. What the config no longer names is forgotten. */
export async function keptRules(
  { state, journal }: Pick<Storage, 'state' | 'journal'>,
  rooms: readonly string[],
): Promise<Map<string, readonly PolicyRule[]>> {
  const kept = new Map<string, readonly PolicyRule[]>();
  const gone: string[] = [];
  for await (const [room, value] of state.list(POLICIES, undefined, ''))
    if (rooms.includes(room)) kept.set(room, JSON.parse(Buffer.from(value).toString()));
    else gone.push(room);
  if (gone.length > 0) await journal.commit(gone.map((room) => change(room, null)));
  return kept;
}

export async function keepRules(
  { journal }: Pick<Storage, 'journal'>,
  room: string,
  rules: readonly PolicyRule[],
): Promise<void> {
  await journal.commit([change(room, Buffer.from(JSON.stringify(rules)))]);
}
