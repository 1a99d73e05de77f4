import { randomBytes } from 'node:crypto';
import { describe, expect, it, onTestFinished } from 'vitest';
import { MustWait } from '../../../../src/engine/from-remote/must-wait.ts';
import {
  inRoomAs,
  linksOfTarget,
  type RemoteWork,
} from '../../../../src/engine/from-remote/work.ts';
import { remoteMessageId, remoteUserId, type VoiceId } from '../../../../src/model/remote-ids.ts';
import { MatrixError } from '../../../../src/ports/matrix.ts';
import { openStorage } from '../../../../src/store/sqlite/index.ts';
import {
  linkPortal,
  makeDelivery,
  written,
} from '../../../../src/testing/store-contract/fixtures.ts';

/** Looks for a target of something heard at 100, while a message that began at `atMs` is under way. */
async function look(atMs: number) {
  const storage = await openStorage({ path: ':memory:', key: randomBytes(32) });
  onTestFinished(() => storage.close());
  const portal = await linkPortal(storage);
  const { id } = await makeDelivery(storage, portal.id, 'a');
  const voice = 'ann' as VoiceId;
  await written(storage, { kind: 'begun', delivery: id, voice, atMs, parts: [] });
  const work = { context: { storage }, portal, delivery: { receivedAtMs: 100 } };
  return linksOfTarget(work as unknown as RemoteWork, remoteMessageId('m'));
}

describe('linksOfTarget', () => {
  it('waits for what was on its way when it was heard, and for nothing that began later', async () => {
    await expect(look(100)).rejects.toThrow(MustWait);
    expect(await look(101)).toEqual([]);
  });
});

describe('inRoomAs', () => {
  const ghost = '@net_carol:hs.test';
  const forbidden = new MatrixError('refused', 'M_FORBIDDEN', { endpoint: 'x', status: 403 });

  /** What is done for a ghost that is refused so often, and may be let speak or not. */
  async function steps({ refusals = 0, isMute = false, ownsRoom = true }) {
    const done: string[] = [];
    const work = {
      context: { matrix: { letSpeak: async () => done.push('let speak') > 0 && isMute } },
      ghosts: {
        inRoom: async () => done.push('comes') && ghost,
        notIn: async () => void done.push('is out'),
      },
      portal: { network: 'net', roomId: '!r', ownsRoom },
    } as unknown as RemoteWork;
    let left = refusals;
    await inRoomAs(work, remoteUserId('carol'), async () => {
      done.push('acts');
      if (left-- > 0) throw forbidden;
    });
    return done;
  }

  it('acts', async () => {
    expect(await steps({})).toEqual(['comes', 'acts']);
  });

  it('lets somebody speak who may not yet, in a room of its own', async () => {
    expect(await steps({ refusals: 1, isMute: true })).toEqual([
      ...['comes', 'acts', 'let speak', 'acts'],
    ]);
  });

  it('brings somebody back who was put out, also where they could not have spoken', async () => {
    const again = ['is out', 'comes', 'acts'];
    expect(await steps({ refusals: 1, ownsRoom: false })).toEqual(['comes', 'acts', ...again]);
    expect(await steps({ refusals: 1 })).toEqual(['comes', 'acts', 'let speak', ...again]);
    expect(await steps({ refusals: 2, isMute: true })).toEqual([
      ...['comes', 'acts', 'let speak', 'acts', ...again],
    ]);
  });

  it('is refused in the end', async () => {
    await expect(steps({ refusals: 3, isMute: true })).rejects.toBe(forbidden);
  });
});
