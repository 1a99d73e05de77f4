import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { MatrixClient } from '../../../../src/playground/sides/matrix-client.ts';
import { MatrixSide } from '../../../../src/playground/sides/matrix-side.ts';
import {
  type DevHomeserver,
  startDevHomeserver,
} from '../../../../src/testing/dev-homeserver/index.ts';

let homeserver: DevHomeserver;
let alice: MatrixClient;
let bob: MatrixClient;
let mallory: MatrixClient;
let roomId: string;
const sides: MatrixSide[] = [];

beforeEach(async () => {
  homeserver = await startDevHomeserver({ serverName: 'hs.test', registrations: [] });
  const enter = (name: string, displayName: string) =>
    MatrixClient.enter(homeserver.url, { name, displayName, password: `${name}'s secret` });
  [alice, bob, mallory] = [
    await enter('alice', 'Alice'),
    await enter('bob', 'Bob'),
    await enter('mallory', 'Mallory'),
  ];
  const body = { preset: 'public_chat' };
  const room = await alice.ask<{ room_id: string }>('/createRoom', { method: 'POST', body });
  roomId = room.room_id;
  for (const client of [bob, mallory])
    await client.ask(`/join/${roomId}`, { method: 'POST', body: {} });
});
afterEach(async () => {
  for (const side of sides.splice(0)) await side.close();
  await homeserver.close();
});

async function open(pageSize?: number): Promise<MatrixSide> {
  const side = new MatrixSide({
    ...{ roomId, clients: [alice, bob] },
    homeOf: (userId) => (userId === mallory.userId ? 'remote' : 'matrix'),
    ...(pageSize !== undefined && { pageSize }),
  });
  sides.push(side);
  await side.open();
  return side;
}

const texts = (side: MatrixSide) => side.board.lines.map(({ text }) => text);
const say = (client: MatrixClient, body: string, more: object = {}) =>
  client.send(roomId, 'm.room.message', { msgtype: 'm.text', body, ...more });
const numbers = (count: number) => Array.from({ length: count }, (_, at) => `number ${at}`);

describe('MatrixSide', () => {
  it('has all that was said before, however many pages that takes', async () => {
    for (const text of numbers(7)) await say(alice, text);
    expect(texts(await open(2))).toEqual(numbers(7));
  });

  it('misses nothing and tells nothing twice where more is said at once than one answer has', async () => {
    const side = await open(1);
    const told: string[] = [];
    side.board.watch({
      changed: (change) => change.kind === 'said' && told.push(change.text),
    });
    for (const text of numbers(30)) await say(bob, text);
    await vi.waitFor(() => expect(texts(side)).toEqual(numbers(30)), 10_000);
    expect(told).toEqual(numbers(30));
  });

  it('knows who is here, where their home is, and as whom one may speak', async () => {
    const side = await open();
    expect(side.board.people).toMatchObject([
      { name: 'Alice', home: 'matrix', isHere: true, maySpeak: true },
      { name: 'Bob', home: 'matrix', isHere: true, maySpeak: true },
      { name: 'Mallory', home: 'remote', isHere: true, maySpeak: false },
    ]);
    await expect(side.say(mallory.userId, 'x')).rejects.toThrow('Nobody here can speak as');
  });

  it('speaks, edits, reacts and removes as one of its people', async () => {
    const side = await open();
    const id = await side.say(alice.userId, 'helo');
    await side.edit(alice.userId, id, 'hello');
    await side.react(bob.userId, id, '👍');
    const line = () => side.board.line(id);
    await vi.waitFor(() =>
      expect(line()).toMatchObject({
        ...{ text: 'hello', edited: true, bridged: false },
        reactions: [{ emoji: '👍', by: bob.userId }],
      }),
    );
    await side.react(bob.userId, id, '👍');
    await vi.waitFor(() => expect(line()?.reactions).toEqual([]));
    await side.remove(alice.userId, id);
    await vi.waitFor(() => expect(line()).toMatchObject({ removed: true, text: '' }));
  });

  it('does not let anybody edit the words of somebody else', async () => {
    const side = await open();
    const id = await say(alice, 'my words');
    const forged = { body: 'forged', msgtype: 'm.text' };
    const relates = { rel_type: 'm.replace', event_id: id };
    await say(mallory, '* forged', { 'm.new_content': forged, 'm.relates_to': relates });
    await say(alice, 'the last one');
    await vi.waitFor(() => expect(texts(side)).toEqual(['my words', 'the last one']));
  });

  it('reads the log anew, and tells what the bridge said from what was said here', async () => {
    const side = await open();
    await say(alice, 'from here');
    await say(mallory, 'from there');
    expect(await side.readLog()).toMatchObject([
      { text: 'from here', bridged: false },
      { text: 'from there', bridged: true },
    ]);
  });
});

describe('MatrixClient.enter', () => {
  it('signs somebody up once, and logs them in after that', async () => {
    const who = { name: 'alice', displayName: 'Alice', password: "alice's secret" };
    expect((await MatrixClient.enter(homeserver.url, who)).userId).toBe(alice.userId);
  });

  it('says what is wrong where somebody else has the name', async () => {
    const who = { name: 'alice', displayName: 'Alice', password: 'a guess' };
    await expect(MatrixClient.enter(homeserver.url, who)).rejects.toThrow(
      /refused POST \/register/,
    );
  });
});
