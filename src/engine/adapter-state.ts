import { BridgeError } from '../adapter/errors.ts';
import type { AdapterState } from '../adapter/state.ts';
import type { VoiceId } from '../model/remote-ids.ts';
import type { StateChange, Write } from '../ports/journal.ts';
import type { Storage } from '../ports/store.ts';

/** Changes of an adapter as part of a commit. */
export const stateWrites = (network: string, changes: readonly StateChange[] = []): Write[] =>
  changes.map((change) => ({ kind: 'state', network, change }));

/** Commits, and says `stale` as adapters are told. */
export async function commitOrStale(storage: Storage, writes: readonly Write[]): Promise<void> {
  if ((await storage.journal.commit(writes)) === 'stale')
    throw new BridgeError('stale', 'What the change was computed from is no longer there', {
      effect: 'none',
    });
}

/** The small storage of a network instance, or of one of its voices. */
export function adapterState(storage: Storage, network: string, voice?: VoiceId): AdapterState {
  return {
    get: (key) => storage.state.get(network, voice, key),
    list: (prefix) => storage.state.list(network, voice, prefix),
    change: (key, value, from) => ({
      key,
      value,
      ...(from !== undefined && { from }),
      ...(voice !== undefined && { voice }),
    }),
    save: (changes) => commitOrStale(storage, stateWrites(network, changes)),
  };
}
