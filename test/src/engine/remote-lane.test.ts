import { randomBytes } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import type { Context } from '../../../src/engine/context.ts';
import type { Ghosts } from '../../../src/engine/ghosts.ts';
import { createKeys } from '../../../src/engine/keys.ts';
import { createNames } from '../../../src/engine/names.ts';
import { RemoteLane } from '../../../src/engine/remote-lane.ts';
import type { Voices } from '../../../src/engine/voices.ts';
import type { MatrixEventId } from '../../../src/model/matrix-ids.ts';
import { remoteChatId, remoteMessageId, remoteUserId } from '../../../src/model/remote-ids.ts';
import type { MatrixPort } from '../../../src/ports/matrix.ts';
import { StorageError } from '../../../src/ports/storage-error.ts';
import type { Storage } from '../../../src/ports/store.ts';
import { openStorage } from '../../../src/store/sqlite/index.ts';
import { fakeClock } from '../../../src/testing/fake-clock.ts';

const chat = remoteChatId('c');

let storage: Storage;
afterEach(() => storage.close());

/** One message that waits for its room. `inRoom`: what the ghost's coming into it comes to. */
async function waiting(inRoom: () => Promise<void>) {
  storage = await openStorage({ path: ':memory:', key: randomBytes(32) });
  const { id } = await storage.portals.link({
    network: 'net',
    chat,
    roomId: '!r',
    ownsRoom: false,
    origin: 'command',
  });
  const sender = remoteUserId('ann');
  const event = { kind: 'message', chat, sender, sentAtMs: 0, body: { text: 'x' } } as const;
  const events = [{ ...event, id: remoteMessageId('m') }];
  await storage.journal.commit([{ kind: 'remote-events', network: 'net', atMs: 0, events }]);
  const [row] = await storage.journal.chatHead('net', { chat }, 1);
  await storage.journal.commit([{ kind: 'remote-deliveries', of: row?.seq ?? 0, portals: [id] }]);

  const said: string[] = [];
  const clock = fakeClock();
  const matrix = {
    async send({ content }) {
      said.push(content.kind);
      return `$${said.length}` as MatrixEventId;
    },
    async *backwards() {},
  } as Pick<MatrixPort, 'send' | 'backwards'> as MatrixPort;
  const ghosts = {
    async inRoom() {
      await inRoom();
      return '@ghost:hs';
    },
  } as unknown as Ghosts;
  const names = createNames('_', 'hs', ['net']);
  const keys = createKeys(randomBytes(32));
  const context = { storage, clock, matrix, names, keys, log: () => {} } as unknown as Context;
  const lane = new RemoteLane(context, { ghosts, voices: {} as Voices });
  async function work(turns: number) {
    for (let n = 0; n < turns; n++) {
      await lane.work(id);
      await clock.advance(100_000);
    }
  }
  return { work, said, deadLetters: () => storage.repairs.deadLetters(9) };
}

describe('RemoteLane', () => {
  it('puts aside what breaks its handler again and again', async () => {
    const { work, said, deadLetters } = await waiting(() => Promise.reject(new Error('a defect')));
    await work(3);
    expect(said).toEqual([]);
    expect(await deadLetters()).toMatchObject([{ outcome: 'failed', reason: 'Error: a defect' }]);
  });

  it('gives nothing up because the storage cannot be read, however often', async () => {
    let fails = 9;
    const { work, said, deadLetters } = await waiting(async () => {
      if (fails-- > 0) throw new StorageError('the disk reports an error', { kind: 'away' });
    });
    await work(10);
    expect(said).toEqual(['message']);
    expect(await deadLetters()).toEqual([]);
  });
});
