import { randomBytes } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import type { Context } from '../../../src/engine/context.ts';
import type { Ghosts } from '../../../src/engine/ghosts.ts';
import { JoinRules } from '../../../src/engine/join-rules.ts';
import { createKeys } from '../../../src/engine/keys.ts';
import { createNames } from '../../../src/engine/names.ts';
import { RemoteLane } from '../../../src/engine/remote-lane.ts';
import type { Voices } from '../../../src/engine/voices.ts';
import type { MatrixEventId, MatrixUserId } from '../../../src/model/matrix-ids.ts';
import {
  type RemoteUserId,
  remoteChatId,
  remoteMessageId,
  remoteUserId,
} from '../../../src/model/remote-ids.ts';
import type { RemoteEvent } from '../../../src/ports/journal.ts';
import { MatrixError, type MatrixPort } from '../../../src/ports/matrix.ts';
import { noMetrics } from '../../../src/ports/metrics.ts';
import { StorageError } from '../../../src/ports/storage-error.ts';
import type { Storage } from '../../../src/ports/store.ts';
import { openStorage } from '../../../src/store/sqlite/index.ts';
import { fakeClock } from '../../../src/testing/fake-clock.ts';

const chat = remoteChatId('c');

let storage: Storage;
afterEach(() => storage.close());

const common = { chat, sentAtMs: 0 };
const says = (sender: string, id: string): RemoteEvent => ({
  ...common,
  kind: 'message',
  sender: remoteUserId(sender),
  id: remoteMessageId(id),
  body: { text: id },
});
const replies = (sender: string, id: string, replyTo: string): RemoteEvent => ({
  ...(says(sender, id) as RemoteEvent<'message'>),
  replyTo: remoteMessageId(replyTo),
});
const reacts = (sender: string, target: string): RemoteEvent => ({
  ...common,
  kind: 'reaction',
  sender: remoteUserId(sender),
  target: remoteMessageId(target),
  emoji: `to ${target}`,
  removed: false,
});
const moves = (who: string, is: 'in' | 'out'): RemoteEvent => ({
  ...common,
  kind: 'member',
  sender: remoteUserId(who),
  who: remoteUserId(who),
  is,
});

const tooOften = (retryAfterMs: number) =>
  new MatrixError('away', 'too often', { endpoint: 'POST /', status: 429, retryAfterMs });

/**
 * What waits for its room, in a lane that is worked turn by turn.
 *
 * `inRoom`: what a ghost's coming into it comes to. `sends`: what a request to say something does.
 */
async function waiting({
  events = [says('ann', 'm')],
  inRoom = async () => {},
  sends = async () => {},
}: {
  events?: readonly RemoteEvent[];
  inRoom?: (user: RemoteUserId) => Promise<void>;
  sends?: () => Promise<void>;
}) {
  storage = await openStorage({ path: ':memory:', key: randomBytes(32) });
  const { id } = await storage.portals.link({
    network: 'net',
    chat,
    roomId: '!r',
    ownsRoom: false,
    origin: 'command',
  });
  async function hear(...more: readonly RemoteEvent[]) {
    await storage.journal.commit([
      { kind: 'remote-events', network: 'net', atMs: 0, events: more },
    ]);
    for (const { seq } of await storage.journal.chatHead('net', { chat }, 99))
      await storage.journal.commit([{ kind: 'remote-deliveries', of: seq, portals: [id] }]);
  }
  await hear(...events);

  const said: string[] = [];
  const clock = fakeClock();
  const matrix = {
    async send({ as, content }) {
      await sends();
      const replyTo = content.kind === 'message' && content.replyTo;
      const text = content.kind === 'message' ? content.body.text : content.kind;
      said.push(`${as}: ${text}${replyTo ? ` to ${replyTo}` : ''}`);
      return `$${said.length}` as MatrixEventId;
    },
    async *backwards() {},
  } as Pick<MatrixPort, 'send' | 'backwards'> as MatrixPort;
  const ghosts: Pick<Ghosts, 'inRoom' | 'leave'> = {
    async inRoom(_network, user) {
      await inRoom(user);
      return user as unknown as MatrixUserId;
    },
    leave: async (ghost) => void said.push(`${ghost} left`),
  };
  const names = createNames('_', 'hs', ['net']);
  const keys = createKeys(randomBytes(32));
  const context = {
    ...{ storage, clock, matrix, names, keys, log: () => {}, metrics: noMetrics },
  } as unknown as Context;
  const lane = new RemoteLane(context, {
    ghosts: ghosts as Ghosts,
    voices: {} as Voices,
    rules: new JoinRules([]),
    files: async () => undefined,
    upgrades: { isReplaced: async () => false },
  });
  async function work(turns: number) {
    for (let n = 0; n < turns; n++) {
      await lane.work(id);
      await clock.advance(100_000);
    }
  }
  const turn = () => lane.work(id);
  return { work, turn, hear, clock, said, deadLetters: () => storage.repairs.deadLetters(9) };
}

describe('RemoteLane', () => {
  it('puts aside what breaks its handler again and again', async () => {
    const { work, said, deadLetters } = await waiting({
      inRoom: () => Promise.reject(new Error('a defect')),
    });
    await work(3);
    expect(said).toEqual([]);
    expect(await deadLetters()).toMatchObject([{ outcome: 'failed', reason: 'Error: a defect' }]);
  });

  it('gives nothing up because the storage cannot be read, however often', async () => {
    let fails = 9;
    const { work, said, deadLetters } = await waiting({
      inRoom: async () => {
        if (fails-- > 0) throw new StorageError('the disk reports an error', { kind: 'away' });
      },
    });
    await work(10);
    expect(said).toEqual(['ann: m']);
    expect(await deadLetters()).toEqual([]);
  });

  it('lets others pass somebody whose ghost may not come yet, and keeps what is theirs in order', async () => {
    let isLimited = true;
    const lane = await waiting({
      events: [
        moves('bob', 'in'),
        says('bob', 'b1'),
        says('ann', 'a1'),
        reacts('ann', 'b1'),
        says('bob', 'b2'),
        moves('bob', 'out'),
        says('ann', 'a2'),
      ],
      inRoom: async (user) => {
        if (isLimited && user === 'bob') throw tooOften(5_000);
      },
    });
    expect(await lane.turn()).toEqual({ waitMs: 5_000 });
    expect(lane.said).toEqual(['ann: a1', 'ann: a2']);
    isLimited = false;
    await lane.clock.advance(5_000);
    expect(await lane.turn()).toBeUndefined();
    expect(lane.said.slice(2)).toEqual([
      'bob: b1',
      'ann: reaction',
      'bob: b2',
      '@_net_bob:hs left',
    ]);
    expect(await lane.deadLetters()).toEqual([]);
  });

  it('keeps an answer in its place, also where what it answers has to wait', async () => {
    let isLimited = true;
    const lane = await waiting({
      events: [says('bob', 'b1'), replies('ann', 'a1', 'b1'), says('ann', 'a2'), says('cid', 'c1')],
      inRoom: async (user) => {
        if (isLimited && user === 'bob') throw tooOften(5_000);
      },
    });
    expect(await lane.turn()).toEqual({ waitMs: 5_000 });
    expect(lane.said).toEqual(['ann: a1', 'ann: a2', 'cid: c1']);
    isLimited = false;
    await lane.clock.advance(5_000);
    expect(await lane.turn()).toBeUndefined();
    expect(lane.said.slice(3)).toEqual(['bob: b1']);
  });

  it('asks for nobody again before the homeserver said so', async () => {
    let asked = 0;
    const lane = await waiting({
      events: [moves('bob', 'in'), says('bob', 'b1')],
      inRoom: async (user) => {
        if (user === 'bob' && asked++ === 0) throw tooOften(5_000);
      },
    });
    await lane.turn();
    await lane.hear(says('ann', 'a1'));
    await lane.clock.advance(4_000);
    expect(await lane.turn()).toEqual({ waitMs: 1_000 });
    expect(lane.said).toEqual(['ann: a1']);
    expect(asked).toBe(1);
    await lane.clock.advance(1_000);
    await lane.turn();
    expect(lane.said).toEqual(['ann: a1', 'bob: b1']);
  });

  it('keeps everything behind a message that is limited', async () => {
    let isLimited = true;
    const lane = await waiting({
      events: [says('bob', 'b1'), says('ann', 'a1')],
      sends: async () => {
        if (isLimited) throw tooOften(5_000);
      },
    });
    await lane.turn();
    isLimited = false;
    expect(await lane.turn()).toEqual({ waitMs: 5_000 });
    expect(lane.said).toEqual([]);
    await lane.clock.advance(5_000);
    await lane.turn();
    expect(lane.said).toEqual(['bob: b1', 'ann: a1']);
  });
});
