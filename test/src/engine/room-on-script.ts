import { onTestFinished } from 'vitest';
import { CatchUp } from '../../../src/engine/catch-up.ts';
import { type CatchUpOptions, catchUpRoom } from '../../../src/engine/catch-up-room.ts';
import type { Context } from '../../../src/engine/context.ts';
import { createKeys } from '../../../src/engine/keys.ts';
import { createNames } from '../../../src/engine/names.ts';
import { RoomLooks } from '../../../src/engine/room-looks.ts';
import { parse } from '../../../src/matrix/events/parse.ts';
import type { MatrixEventId, MatrixRoomId, MatrixUserId } from '../../../src/model/matrix-ids.ts';
import type { Portal } from '../../../src/model/portal.ts';
import { remoteChatId, remoteUserId } from '../../../src/model/remote-ids.ts';
import { MatrixError, type SendRequest } from '../../../src/ports/matrix.ts';
import { openStorage } from '../../../src/store/sqlite/index.ts';
import { fakeClock } from '../../../src/testing/fake-clock.ts';

export const room: MatrixRoomId = '!room:hs.test';
export const bot: MatrixUserId = '@bridge_bot:hs.test';
export const carol: MatrixUserId = '@bridge_net_carol:hs.test';

export const refused = (status = 403) =>
  new MatrixError('refused', 'no', { endpoint: 'x', status });
export const away = () => new MatrixError('away', 'not there', { endpoint: 'x' });

/** A homeserver that is a list of events, and a real journal of what it has pushed of them. */
export async function roomOnScript() {
  const clock = fakeClock(1_000_000);
  const storage = await openStorage({ path: ':memory:', key: new Uint8Array(32), clock });
  onTestFinished(() => storage.close());
  const { journal, portals } = storage;
  const timelines = new Map<MatrixRoomId, object[]>();
  const said: SendRequest[] = [];
  const logged: string[] = [];
  const reads: { readonly roomId: string; readonly as: string; count: number }[] = [];
  const server = {
    outages: 0,
    isThere: true,
    /** Thrown by a read, before its event of this index. */
    fails: undefined as undefined | { readonly at: number; readonly as?: string; error: unknown },
    /** Done in the next read, before its event of this index. */
    meanwhile: undefined as undefined | { readonly at: number; do(): Promise<unknown> },
  };

  const timelineOf = (roomId: MatrixRoomId) => {
    const known = timelines.get(roomId) ?? [];
    timelines.set(roomId, known);
    return known;
  };

  async function* backwards(roomId: MatrixRoomId, as: MatrixUserId) {
    const read = { roomId, as, count: 0 };
    reads.push(read);
    for (const whole of timelineOf(roomId).toReversed()) {
      const { fails } = server;
      if (fails && fails.at <= read.count && (fails.as ?? as) === as) throw fails.error;
      const { meanwhile } = server;
      if (meanwhile && meanwhile.at <= read.count) {
        server.meanwhile = undefined;
        await meanwhile.do();
      }
      read.count++;
      yield { event: parse(JSON.stringify(whole)), whole };
    }
  }

  const matrix = {
    bot,
    parse,
    backwards,
    outages: () => server.outages,
    isThere: async () => server.isThere,
    send: async (request: SendRequest) => {
      said.push(request);
      const event_id = `$notice${said.length}` as MatrixEventId;
      const content = { 'dev.drawbridge.mark': { id: request.mark.marker } };
      timelineOf(request.roomId).push(eventOf('', { event_id, sender: request.as, content }));
      return event_id;
    },
  };
  const context = {
    matrix,
    storage,
    clock,
    names: createNames('bridge_', 'hs.test', ['net']),
    keys: createKeys(new Uint8Array(1)),
    optedOut: { has: () => false },
    log: (...entry: unknown[]) => void logged.push(JSON.stringify(entry)),
  } as unknown as Context;

  const eventOf = (name: string, over: object = {}) => ({
    event_id: `$${name}`,
    room_id: room,
    sender: '@ann:hs.test',
    type: 'm.room.message',
    origin_server_ts: clock.now(),
    content: { msgtype: 'm.text', body: name },
    ...over,
  });
  const push = async (name: string, over: object = {}) => {
    const event = eventOf(name, over);
    const { event_id: id, room_id: roomId } = event;
    const events = [{ id: id as MatrixEventId, roomId, json: JSON.stringify(event) }];
    await journal.commit([{ kind: 'matrix-events', atMs: clock.now(), events }]);
  };

  return {
    context,
    clock,
    storage,
    server,
    reads,
    said,
    logged,
    matrix,
    /** Said in the room, and never pushed. */
    lost: (name: string, over: object = {}) => {
      const event = eventOf(name, over);
      timelineOf(event.room_id).push(event);
    },
    /**
     * Said in the room when others were under way, as many as `behind`, and never pushed: the homeserver puts it
     * before them, though it came later.
     */
    async lostBehind(behind: number, name: string, over: object = {}) {
      await clock.advance(1);
      const timeline = timelineOf(room);
      timeline.splice(timeline.length - behind, 0, eventOf(name, over));
    },
    push,
    /** Once so many events were read of the room, in the middle of it. */
    meanwhile: (at: number, work: () => Promise<unknown>) => {
      server.meanwhile = { at, do: work };
    },
    /** Said in the room, pushed, and not understood yet. */
    async waits(name: string, over: object = {}) {
      timelineOf(room).push(eventOf(name, over));
      await push(name, over);
    },
    /** Said in the room, pushed, and understood. */
    async worked(name: string, over: object = {}) {
      timelineOf(room).push(eventOf(name, over));
      await push(name, over);
      await journal.commit([{ kind: 'deliveries', of: `$${name}`, portals: [] }]);
    },
    /** Linked at this moment. */
    async link(chat = 'town', roomId = room): Promise<Portal> {
      const newest = timelineOf(roomId).at(-1) as { event_id: MatrixEventId } | undefined;
      const { place } = await journal.accounted(roomId);
      const plain = { network: 'net', origin: 'command', ownsRoom: false } as const;
      const upTo = newest && { upTo: newest.event_id };
      return portals.link({ ...plain, chat: remoteChatId(chat), roomId }, { place, ...upTo });
    },
    joined: async (ghost = carol) => {
      const remoteId = remoteUserId('carol');
      await storage.ghosts.save({ userId: ghost, network: 'net', remoteId });
      await storage.ghosts.setJoined(ghost, room, true);
    },
    look: (how: Partial<CatchUpOptions> = {}) =>
      catchUpRoom(context, room, {
        signal: new AbortController().signal,
        givesUp: false,
        ...how,
      }),
    catchUp(wake: (roomId: MatrixRoomId) => void = () => {}) {
      const stop = new AbortController();
      onTestFinished(() => stop.abort());
      const looks = new RoomLooks(context, stop.signal);
      const catchUp = new CatchUp(context, { looks, wake }, stop.signal);
      return { catchUp, looks, stop };
    },
    /** What waits in the room's lane: `a`, or `a late` where newer ones were worked before it. */
    async lane(): Promise<readonly string[]> {
      const rows = await journal.roomHead(room, 10_000);
      return rows.map(({ id, late }) => (late ? `${id.slice(1)} late` : id.slice(1)));
    },
    rows: () => journal.roomHead(room, 10_000),
  };
}
