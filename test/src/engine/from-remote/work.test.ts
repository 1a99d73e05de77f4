import { randomBytes } from 'node:crypto';
import { describe, expect, it, onTestFinished } from 'vitest';
import { MustWait } from '../../../../src/engine/from-remote/must-wait.ts';
import { linksOfTarget, type RemoteWork } from '../../../../src/engine/from-remote/work.ts';
import { remoteMessageId, type VoiceId } from '../../../../src/model/remote-ids.ts';
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
