import { randomBytes } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import { BridgeError } from '../../../src/adapter/errors.ts';
import type { Network, NetworkSession } from '../../../src/adapter/network.ts';
import type { Context } from '../../../src/engine/context.ts';
import { Voices } from '../../../src/engine/voices.ts';
import { remoteChatId, type VoiceId } from '../../../src/model/remote-ids.ts';
import type { Storage, VoiceRow } from '../../../src/ports/store.ts';
import { openStorage } from '../../../src/store/sqlite/index.ts';
import { fakeClock } from '../../../src/testing/fake-clock.ts';

const chat = remoteChatId('town');
const speaker = { userId: '@ann:hs.test', displayName: 'Ann' };
const rowOf = (name: string): VoiceRow => ({
  id: `net/enlisted/@${name}:hs.test` as VoiceId,
  network: 'net',
  kind: 'enlisted',
  userId: `@${name}:hs.test`,
  isOut: false,
});
const ann = rowOf('ann');

let storage: Storage;
afterEach(() => storage.close());

/** Voices on a network that writes down what is done with its sessions. */
async function voicesOn(
  how: { readonly maxEnlisted?: number; readonly join?: () => Promise<void> } = {},
) {
  storage = await openStorage({ path: ':memory:', key: randomBytes(32) });
  const clock = fakeClock(1_000_000);
  const done: string[] = [];
  const session = (id: string): NetworkSession => ({
    on: { message: { send: async () => ({ ids: [] }) } },
    join: async () => {
      done.push(`${id} joins`);
      await how.join?.();
    },
    leave: async () => void done.push(`${id} leaves`),
    close: async () => void done.push(`${id} closes`),
  });
  const network: Network = {
    session: async ({ id }) => {
      const name = id.slice(id.indexOf('@'), id.indexOf(':'));
      done.push(`${name} opens`);
      return session(name);
    },
    close: async () => {},
  };
  const options = { id: 'net', idleCloseMs: 5_000, maxEnlisted: how.maxEnlisted };
  const context = { storage, clock, log: () => {}, networks: [options] } as unknown as Context;
  return { voices: new Voices(context, () => network), done, clock };
}

describe('Voices', () => {
  it('opens and joins once for many that ask at the same time', async () => {
    const { voices, done } = await voicesOn();
    await Promise.all([1, 2, 3].map(() => voices.inChat(ann, speaker, chat)));
    expect(done).toEqual(['@ann opens', '@ann joins']);
  });

  it('joins again after a joining that failed, and after it was removed', async () => {
    let failures = 1;
    const join = async () => {
      if (failures-- > 0) throw new BridgeError('unreachable', 'slow', { effect: 'none' });
    };
    const { voices, done } = await voicesOn({ join });
    await expect(voices.inChat(ann, speaker, chat)).rejects.toMatchObject({ code: 'unreachable' });
    await voices.inChat(ann, speaker, chat);
    voices.removedFrom(ann.id, chat);
    await voices.inChat(ann, speaker, chat);
    expect(done).toEqual(['@ann opens', '@ann joins', '@ann joins', '@ann joins']);
  });

  it('lets an enlisted voice go when it left its last chat, and remembers that', async () => {
    const { voices, done } = await voicesOn();
    await voices.inChat(ann, speaker, chat);
    expect((await storage.voices.byId(ann.id))?.isOut).toBe(true);
    await voices.outOfChat(ann.id, chat);
    expect(done.slice(2)).toEqual(['@ann leaves', '@ann closes']);
    expect((await storage.voices.byId(ann.id))?.isOut).toBe(false);
  });

  it('lets go of a voice that was idle, not of one that spoke', async () => {
    const { voices, done, clock } = await voicesOn();
    await voices.inChat(ann, speaker, chat);
    await clock.advance(4_000);
    await voices.inChat(rowOf('bob'), speaker, chat);
    await clock.advance(2_000);
    await voices.closeIdle();
    expect(done.filter((what) => what.endsWith('closes'))).toEqual(['@ann closes']);
  });

  it('at the limit lets the longest silent go, and takes no voice from one who just spoke', async () => {
    const { voices, done, clock } = await voicesOn({ maxEnlisted: 1 });
    await voices.open(ann, speaker);
    await expect(voices.open(rowOf('bob'), speaker)).rejects.toMatchObject({ code: 'not_allowed' });
    await clock.advance(61_000);
    await voices.open(rowOf('carl'), speaker);
    expect(done).toEqual(['@ann opens', '@ann closes', '@carl opens']);
  });

  it('opens nothing for a voice that is logged out, until its network says that it is back', async () => {
    const { voices, done } = await voicesOn();
    const error = new BridgeError('logged_out', 'token revoked', { effect: 'none' });
    voices.standing(ann.id, { is: 'failed', error });
    await expect(voices.open(ann, speaker)).rejects.toMatchObject({ code: 'logged_out' });
    voices.standing(ann.id, { is: 'ready' });
    await voices.open(ann, speaker);
    expect(done).toEqual(['@ann opens']);
  });
});
