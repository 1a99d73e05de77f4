import { describe, expect, it } from 'vitest';
import { BridgeError } from '../../../src/adapter/errors.ts';
import type { Network } from '../../../src/adapter/network.ts';
import type { Context } from '../../../src/engine/context.ts';
import { Logins } from '../../../src/engine/logins.ts';
import type { VoiceId } from '../../../src/model/remote-ids.ts';
import type { VoiceRow } from '../../../src/ports/store.ts';

const ann: VoiceRow = {
  id: 'net/login/@ann:hs.test' as VoiceId,
  network: 'net',
  kind: 'login',
  userId: '@ann:hs.test',
  isOut: true,
};
const away = () => new BridgeError('unreachable', 'away', { effect: 'none' });

/** Logins of a network that is open or not, and what was done with them. */
function logins(how: { readonly isOpen: boolean; readonly giveUp?: () => Promise<void> }) {
  const done: string[] = [];
  const parts = {
    networks: {
      get(): Network {
        if (!how.isOpen) throw away();
        return { session: () => Promise.reject(away()), close: async () => {} };
      },
    },
    voices: {
      async giveUp() {
        done.push('given up');
        await how.giveUp?.();
      },
    },
    loggedIn: () => void done.push('opened again'),
  } as unknown as ConstructorParameters<typeof Logins>[1];
  return { logins: new Logins({ log: () => {} } as unknown as Context, parts), done };
}

describe('Logins', () => {
  it('leaves a login as it is while its network is not open', async () => {
    const { logins: all, done } = logins({ isOpen: false });
    await expect(all.out(ann)).rejects.toMatchObject({ code: 'unreachable' });
    expect(done).toEqual([]);
  });

  it('opens a login again of which its network could not be told that it is gone', async () => {
    const { logins: all, done } = logins({ isOpen: true, giveUp: () => Promise.reject(away()) });
    await expect(all.out(ann)).rejects.toMatchObject({ code: 'unreachable' });
    expect(done).toEqual(['given up', 'opened again']);
  });

  it('gives one up', async () => {
    const { logins: all, done } = logins({ isOpen: true });
    await all.out(ann);
    expect(done).toEqual(['given up']);
  });
});

describe('Logins of enlisted voices', () => {
  const enlisted: VoiceRow = {
    ...ann,
    id: 'net/enlisted/@ann:hs.test' as VoiceId,
    kind: 'enlisted',
  };

  /** Of a network where the account belongs to the enlisted voice, which has one. */
  function accounts() {
    const done: string[] = [];
    const state = { has: true };
    const network = {
      accounts: {
        of: async () => (state.has ? 'ann' : undefined),
        forget: () => [{ key: 'account', value: null }],
      },
    };
    const context = {
      log: () => {},
      storage: {
        voices: { byId: async (id: VoiceId) => (id === enlisted.id ? enlisted : undefined) },
        journal: {
          async commit(writes: readonly object[]) {
            done.push(`committed ${JSON.stringify(writes)}`);
            state.has = false;
          },
        },
      },
    };
    const parts = {
      networks: { get: () => network },
      voices: { handle: (row: VoiceRow) => row, close: async () => void done.push('closed') },
      loggedIn: () => void done.push('opened again'),
    };
    const all = new Logins(
      context as unknown as Context,
      parts as unknown as ConstructorParameters<typeof Logins>[1],
    );
    return { all, done };
  }

  it('forget the account first, and open the voice again without it', async () => {
    const { all, done } = accounts();
    expect(await all.of('net', '@ann:hs.test')).toBe(enlisted);
    await all.out(enlisted);
    expect(await all.of('net', '@ann:hs.test')).toBeUndefined();
    const forgotten = [{ kind: 'state', network: 'net', change: { key: 'account', value: null } }];
    expect(done).toEqual([`committed ${JSON.stringify(forgotten)}`, 'closed', 'opened again']);
  });
});
