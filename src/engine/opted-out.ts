import type { MatrixUserId } from '../model/matrix-ids.ts';
import type { Storage } from '../ports/store.ts';

/** Among the states of networks. None of theirs has a name that begins so. */
export const PEOPLE = '=people';
const OUT = 'out/';

/** Who does not want to be passed on to which network. On disk, and in memory, as every message asks. */
export class OptedOut {
  readonly #storage: Pick<Storage, 'journal' | 'state'>;
  readonly #keys = new Set<string>();

  private constructor(storage: Pick<Storage, 'journal' | 'state'>) {
    this.#storage = storage;
  }

  static async load(storage: Pick<Storage, 'journal' | 'state'>): Promise<OptedOut> {
    const made = new OptedOut(storage);
    for await (const [key] of storage.state.list(PEOPLE, undefined, OUT)) made.#keys.add(key);
    return made;
  }

  has(network: string, user: MatrixUserId): boolean {
    return this.#keys.size > 0 && this.#keys.has(keyOf(network, user));
  }

  /** Resolves once it is on disk. Whoever opts out is so at once. */
  async set(network: string, user: MatrixUserId, isOut: boolean): Promise<void> {
    const key = keyOf(network, user);
    if (isOut) this.#keys.add(key);
    const change = { key, value: isOut ? new Uint8Array([1]) : null };
    await this.#storage.journal.commit([{ kind: 'state', network: PEOPLE, change }]);
    if (!isOut) this.#keys.delete(key);
  }
}

const keyOf = (network: string, user: MatrixUserId): string => `${OUT}${network} ${user}`;
