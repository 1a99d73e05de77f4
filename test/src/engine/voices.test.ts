import { randomBytes } from 'node:crypto';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { BridgeError } from '../../../src/adapter/errors.ts';
import type { Network } from '../../../src/adapter/network.ts';
import type { NetworkSession } from '../../../src/adapter/session.ts';
import type { Context } from '../../../src/engine/context.ts';
import type { Permission } from '../../../src/engine/options.ts';
import { Voices } from '../../../src/engine/voices.ts';
import type { Portal } from '../../../src/model/portal.ts';
import { remoteChatId, remoteUserId, type VoiceId } from '../../../src/model/remote-ids.ts';
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
const nameOf = (id: VoiceId) => id.slice(id.indexOf('@'), id.indexOf(':'));

let storage: Storage;
afterEach(() => storage.close());

/** Voices on a network that writes down what is done with its sessions. */
async function voicesOn(
  how: {
    readonly maxEnlisted?: number;
    readonly join?: () => Promise<void>;
    readonly open?: () => Promise<void>;
    readonly forget?: () => Promise<void>;
    readonly permission?: (user: string) => Permission;
  } = {},
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
    self: remoteUserId(`${id}[m]`),
    close: async (reason) => void done.push([id, 'closes', ...(reason ? [reason] : [])].join(' ')),
  });
  const network: Network = {
    session: async ({ id }) => {
      const name = nameOf(id);
      done.push(`${name} opens`);
      await how.open?.();
      return session(name);
    },
    forget: async ({ id }) => {
      done.push(`${nameOf(id)} is forgotten`);
      await how.forget?.();
    },
    close: async () => {},
  };
  const options = {
    ...{ id: 'net', idleCloseMs: 5_000, maxEnlisted: how.maxEnlisted },
    voices: ['login', 'enlisted', 'relay'],
  };
  const { permission = () => 'use' } = how;
  const optedOut = { has: () => false };
  const context = {
    ...{ storage, clock, optedOut, permission, log: () => {} },
    networks: [options],
  } as unknown as Context;
  return { voices: new Voices(context, () => network), network, done, clock };
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
    await voices.outOfChat(ann, speaker, chat);
    expect(done.slice(2)).toEqual(['@ann leaves', '@ann closes']);
    expect((await storage.voices.byId(ann.id))?.isOut).toBe(false);
  });

  it('opens a voice that was out before a start to have it leave, and no other', async () => {
    const { voices, done } = await voicesOn();
    await voices.outOfChat(ann, speaker, chat);
    expect(done).toEqual([]);
    await voices.outOfChat({ ...ann, isOut: true }, speaker, chat);
    expect(done).toEqual(['@ann opens', '@ann leaves', '@ann closes']);
    expect((await storage.voices.byId(ann.id))?.isOut).toBe(false);
  });

  it('says that it could not leave, so that it is tried again', async () => {
    const open = async () => {
      throw new BridgeError('unreachable', 'away', { effect: 'none' });
    };
    const { voices } = await voicesOn({ open });
    const left = voices.outOfChat({ ...ann, isOut: true }, speaker, chat);
    await expect(left).rejects.toMatchObject({ code: 'unreachable' });
  });

  it('lets go of one with words for those over there, and has it back when it is needed', async () => {
    const { voices, done } = await voicesOn();
    await voices.open(ann, speaker);
    await voices.rest(ann.id, 'flooding');
    await voices.open(ann, speaker);
    expect(done).toEqual(['@ann opens', '@ann closes flooding', '@ann opens']);
  });

  it('says how one is now: not open, being opened, open and since when it is idle, or logged out', async () => {
    let opened = () => {};
    const open = () => new Promise<void>((resolve) => (opened = resolve));
    const { voices, clock } = await voicesOn({ open });
    expect(await voices.now(ann.id)).toEqual({ is: 'closed' });
    const lastUsedAtMs = clock.now();
    const opening = voices.open(ann, speaker);
    expect(await voices.now(ann.id)).toEqual({ is: 'opening', lastUsedAtMs });
    await vi.waitFor(async () => {
      opened();
      expect((await voices.now(ann.id)).is).toBe('open');
    });
    await opening;
    await clock.advance(3_000);
    expect(await voices.now(ann.id)).toEqual({ is: 'open', self: '@ann[m]', lastUsedAtMs });
    const error = new BridgeError('logged_out', 'no more', { effect: 'none' });
    voices.standing(ann.id, { is: 'failed', error });
    await vi.waitFor(async () => expect(await voices.now(ann.id)).toEqual({ is: 'logged out' }));
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

  it('tells which are idle, as long as they are out, and for how long; a login is not', async () => {
    const { voices, clock } = await voicesOn();
    const login = { ...rowOf('cid'), kind: 'login' } as const;
    for (const row of [ann, rowOf('bob'), login]) await voices.open(row, speaker);
    await clock.advance(4_000);
    await voices.open(rowOf('bob'), speaker);
    await clock.advance(1_000);
    const idle = (mostMs: number) =>
      voices.idle(() => mostMs).map(({ id, idleMs }) => [id, idleMs]);
    expect(idle(4_999)).toEqual([[ann.id, 5_000]]);
    expect(idle(5_000)).toEqual([]);
    await voices.rest(ann.id);
    expect(idle(4_999)).toEqual([]);
  });

  it('has the own voice of somebody in a chat once it is open there, and opens none', async () => {
    const { voices, done } = await voicesOn();
    const portal = { network: 'net', chat } as Portal;
    expect(await voices.ownIn(portal, '@ann:hs.test')).toBeUndefined();
    await voices.open(ann, speaker);
    expect(await voices.ownIn(portal, '@ann:hs.test')).toBeUndefined();
    const session = await voices.inChat(ann, speaker, chat);
    expect(await voices.ownIn(portal, '@ann:hs.test')).toBe(session);
    expect(await voices.ownIn(portal, '@bob:hs.test')).toBeUndefined();
    expect(await voices.ownIn({ ...portal, network: 'other' }, '@ann:hs.test')).toBeUndefined();
    expect(done).toEqual(['@ann opens', '@ann joins']);
  });

  it('waits for no voice that is being opened to say something in passing', async () => {
    const { voices } = await voicesOn({ open: () => new Promise(() => {}) });
    void voices.inChat(ann, speaker, chat);
    const receiver = { network: 'net', chat, receiver: ann.id } as Portal;
    expect(await voices.ownIn(receiver, '@ann:hs.test')).toBeUndefined();
  });

  it('has a login everywhere, and rather than what is enlisted; of a private chat its own voice only', async () => {
    const { voices } = await voicesOn();
    const login: VoiceRow = { ...ann, id: 'net/login/@ann:hs.test' as VoiceId, kind: 'login' };
    const enlisted = await voices.inChat(ann, speaker, chat);
    const own = await voices.open(login, speaker);
    const portal = { network: 'net', chat } as Portal;
    expect(await voices.ownIn(portal, '@ann:hs.test')).toBe(own);
    expect(await voices.ownIn({ ...portal, receiver: ann.id }, '@ann:hs.test')).toBe(enlisted);
  });

  it('at the limit lets the longest silent go, and takes no voice from one who just spoke', async () => {
    const { voices, done, clock } = await voicesOn({ maxEnlisted: 1 });
    await voices.open(ann, speaker);
    await expect(voices.open(rowOf('bob'), speaker)).rejects.toMatchObject({ code: 'not_allowed' });
    await clock.advance(61_000);
    await voices.open(rowOf('carl'), speaker);
    expect(done).toEqual(['@ann opens', '@ann closes', '@carl opens']);
  });

  it('lets go of whoever may have no voice any more, opens none for them, and has them again', async () => {
    const out = new Set<string>();
    const permission = (user: string) => (out.has(user) ? 'none' : 'use');
    const { voices, done } = await voicesOn({ permission });
    await voices.open(ann, speaker);
    await voices.open(rowOf('bob'), speaker);
    out.add('@ann:hs.test');
    await voices.closeShutOut();
    expect(done.slice(2)).toEqual(['@ann closes']);
    expect((await storage.voices.byId(ann.id))?.isOut).toBe(false);
    await expect(voices.open(ann, speaker)).rejects.toMatchObject({ code: 'not_allowed' });
    out.clear();
    await voices.open(ann, speaker);
    expect(done.slice(2)).toEqual(['@ann closes', '@ann opens']);
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

  it('gives up a voice that is being opened only once it is open and closed again', async () => {
    let opened = () => {};
    const { voices, network, done } = await voicesOn({
      open: () => new Promise((resolve) => (opened = resolve)),
    });
    const opening = voices.open(ann, speaker);
    await vi.waitFor(() => expect(done).toEqual(['@ann opens']));
    const gone = voices.giveUp(ann, network);
    opened();
    await Promise.all([opening, gone]);
    expect(done).toEqual(['@ann opens', '@ann closes', '@ann is forgotten']);
    expect(await storage.voices.byId(ann.id)).toBeUndefined();
  });

  it('opens nothing that is or was given up, until there is a new login', async () => {
    let forgotten = () => {};
    const forget = () => new Promise<void>((resolve) => (forgotten = resolve));
    const { voices, network, done } = await voicesOn({ forget });
    const gone = voices.giveUp(ann, network);
    await vi.waitFor(() => expect(done).toEqual(['@ann is forgotten']));
    await expect(voices.open(ann, speaker)).rejects.toMatchObject({ code: 'unreachable' });
    forgotten();
    await gone;
    await expect(voices.open(ann, speaker)).rejects.toMatchObject({ code: 'unreachable' });
    await voices.loggedIn(ann);
    await voices.open(ann, speaker);
    expect(done).toEqual(['@ann is forgotten', '@ann opens']);
  });

  it('keeps a voice that its network could not be told of', async () => {
    const forget = async () => {
      throw new BridgeError('unreachable', 'away', { effect: 'none' });
    };
    const { voices, network, done } = await voicesOn({ forget });
    await storage.voices.save(ann);
    await expect(voices.giveUp(ann, network)).rejects.toMatchObject({ code: 'unreachable' });
    expect(await storage.voices.byId(ann.id)).toMatchObject({ id: ann.id });
    await voices.open(ann, speaker);
    expect(done).toEqual(['@ann is forgotten', '@ann opens']);
  });
});
