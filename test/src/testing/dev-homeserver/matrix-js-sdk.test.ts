import {
  createClient,
  EventType,
  type MatrixClient,
  MsgType,
  Preset,
  RelationType,
  type Room,
} from 'matrix-js-sdk';
import { logger } from 'matrix-js-sdk/lib/logger.js';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { homeserver } from './support/fixture.ts';

const silent = {
  trace() {},
  debug() {},
  info() {},
  warn() {},
  error() {},
  getChild: () => silent,
};
// Parts of the library log past the logger that they are given.
for (const one of [logger, logger.getChild('[MatrixRTCSessionManager]')])
  (one as unknown as { setLevel(level: 'silent'): void }).setLevel('silent');

/** A client of its own making, logged in and in sync. */
async function started(url: string, name: string): Promise<MatrixClient> {
  const login = createClient({ baseUrl: url, logger: silent });
  const registered = await login.registerRequest({
    username: name,
    password: 'secret',
    auth: { type: 'm.login.dummy' },
    inhibit_login: true,
  });
  const session = await login.loginRequest({
    type: 'm.login.password',
    identifier: { type: 'm.id.user', user: name },
    password: 'secret',
  });
  expect(session.user_id).toBe(registered.user_id);
  const client = createClient({
    baseUrl: url,
    userId: session.user_id,
    deviceId: session.device_id,
    accessToken: session.access_token,
    logger: silent,
  });
  onTestFinished(() => client.stopClient());
  await client.startClient({ initialSyncLimit: 20 });
  await vi.waitFor(() => expect(client.getSyncState()).toMatch(/PREPARED|SYNCING/), 5_000);
  return client;
}

const seen = (client: MatrixClient, roomId: string): Room => {
  const room = client.getRoom(roomId);
  if (room === null) throw new Error(`${client.getUserId()} does not see ${roomId}`);
  return room;
};

/** What a person reads in a room: the newest text of each message that is left. */
const texts = (client: MatrixClient, roomId: string) =>
  seen(client, roomId)
    .getLiveTimeline()
    .getEvents()
    .filter((event) => event.getType() === 'm.room.message' && !event.isRedacted())
    .map((event) => event.getContent()['body']);

describe('matrix-js-sdk 37.5.0', () => {
  it('talks, edits, reacts and redacts through the homeserver', async () => {
    const { url } = await homeserver();
    const alice = await started(url, 'alice');
    const bob = await started(url, 'bob');

    const { room_id: roomId } = await alice.createRoom({ name: 'Tea', invite: ['@bob:hs.test'] });
    await vi.waitFor(() => expect(seen(bob, roomId).getMyMembership()).toBe('invite'), 5_000);
    expect(seen(bob, roomId).name).toBe('Tea');
    await bob.joinRoom(roomId);
    await vi.waitFor(() => expect(seen(alice, roomId).getJoinedMemberCount()).toBe(2), 5_000);

    await vi.waitFor(() => seen(alice, roomId));
    const { event_id: first } = await alice.sendTextMessage(roomId, 'helo');
    // What a client says itself it shows at once, before what it has not heard yet.
    await vi.waitFor(() => expect(texts(bob, roomId)).toEqual(['helo']), 5_000);
    const { event_id: second } = await bob.sendTextMessage(roomId, 'hi there');
    await vi.waitFor(
      () => {
        expect(texts(bob, roomId)).toEqual(['helo', 'hi there']);
        expect(texts(alice, roomId)).toEqual(['helo', 'hi there']);
      },
      { timeout: 5_000 },
    );

    await alice.sendMessage(roomId, {
      msgtype: MsgType.Text,
      body: '* hello',
      'm.new_content': { msgtype: MsgType.Text, body: 'hello' },
      'm.relates_to': { rel_type: RelationType.Replace, event_id: first },
    });
    await bob.sendEvent(roomId, EventType.Reaction, {
      'm.relates_to': { rel_type: RelationType.Annotation, event_id: first, key: '👍' },
    });
    await vi.waitFor(
      () => {
        expect(seen(bob, roomId).findEventById(first)?.getContent()['body']).toBe('hello');
        const reactions = seen(alice, roomId)
          .getUnfilteredTimelineSet()
          .relations.getChildEventsForEvent(first, 'm.annotation', 'm.reaction');
        expect(reactions?.getSortedAnnotationsByKey()?.[0]?.[0]).toBe('👍');
      },
      { timeout: 5_000 },
    );

    await bob.redactEvent(roomId, second);
    await vi.waitFor(
      () => expect(seen(alice, roomId).findEventById(second)?.isRedacted()).toBe(true),
      { timeout: 5_000 },
    );
  });

  it('reads back what was said before it came, and is told who types and who has read', async () => {
    const { url } = await homeserver();
    const alice = await started(url, 'alice');
    const { room_id: roomId } = await alice.createRoom({ preset: Preset.PublicChat });
    for (let count = 1; count <= 30; count += 1)
      await alice.sendTextMessage(roomId, `line ${count}`);
    const bob = await started(url, 'bob');
    await bob.joinRoom(roomId);
    await vi.waitFor(() => seen(bob, roomId), 5_000);
    const room = seen(bob, roomId);
    while (room.oldState.paginationToken !== null) await bob.scrollback(room, 10);
    expect(texts(bob, roomId)).toEqual(Array.from({ length: 30 }, (_, at) => `line ${at + 1}`));

    await alice.sendTyping(roomId, true, 30_000);
    await vi.waitFor(() => expect(room.getMember('@alice:hs.test')?.typing).toBe(true), 5_000);
    const last = room.getLiveTimeline().getEvents().at(-1);
    if (last !== undefined) await bob.sendReadReceipt(last);
    await vi.waitFor(
      () => expect(seen(alice, roomId).getEventReadUpTo('@bob:hs.test')).toBe(last?.getId()),
      5_000,
    );
  });
});
