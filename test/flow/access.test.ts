import { describe, expect, it } from 'vitest';
import type { ChatInfo } from '#adapter';
import { loopbackPerson } from '../../src/testing/loopback-network/index.ts';
import { BOT, ghost, link, roomWithBot, until } from './support/bridged-room.ts';
import type { MatrixPerson } from './support/matrix-person.ts';
import { SERVER, startStory } from './support/story.ts';
import { networkTelling } from './support/telling-network.ts';

/** With a chat that says who comes in and speaks. */
function networkWithAccess() {
  let access: ChatInfo['access'];
  const { adapter, changed } = networkTelling(() => ({
    powers: new Map(),
    ...(access && { access }),
  }));
  const becomes = (now: NonNullable<ChatInfo['access']>) => {
    access = now;
    changed();
  };
  return { adapter, becomes };
}

const state = <T>(ann: MatrixPerson, room: string, type: string) =>
  ann.ask<T>('GET', `/rooms/${encodeURIComponent(room)}/state/${type}/`);

/** Ann in the room that the bridge made for the chat `town`, where Carol is. */
async function roomOfAlias(network: { publishRooms?: boolean } = {}) {
  const { adapter, becomes } = networkWithAccess();
  const bridge = { permissions: { '*': 'admin' } } as const;
  const story = await startStory({ adapter, network, bridge });
  const ann = await story.person('ann');
  const carol = await loopbackPerson(story.network.url, { id: 'carol', displayName: 'Carol' });
  await carol.join('town');
  const room = await ann.join(`#bridge_loop_#town:${SERVER}`);
  const rule = async () =>
    (await state<{ join_rule: string }>(ann, room, 'm.room.join_rules')).join_rule;
  const needed = async () =>
    (await state<{ events_default?: number }>(ann, room, 'm.room.power_levels')).events_default;
  return { story, becomes, ann, carol, room, rule, needed };
}

const open = { isByInvitation: false, speakingPower: 1 };

describe('a room that the bridge made', () => {
  it('lets people in as its chat does, and again', async () => {
    const { becomes, rule } = await roomOfAlias();
    becomes({ ...open, isByInvitation: true });
    await until(async () => expect(await rule()).toBe('invite'));
    becomes(open);
    await until(async () => expect(await rule()).toBe('public'));
  });

  it('lets those speak who may over there, and whoever did speak there', async () => {
    const { becomes, needed, ann, carol, room } = await roomOfAlias();
    becomes({ ...open, speakers: [] });
    await until(async () => expect(await needed()).toBe(1));
    await expect(ann.say(room, 'let me')).rejects.toThrow('403');
    await carol.say('town', 'said before that was known');
    const { sender } = await ann.hears(room, 'said before that was known');
    expect(sender).toBe(ghost('carol'));
    becomes({ ...open, speakers: [] });
    becomes(open);
    await until(async () => expect(await needed()).toBe(0));
    await ann.say(room, 'now I may');
  });
});

describe('the directory of the homeserver', () => {
  const network = { third_party_instance_id: 'story|loop' };
  const found = async (ann: MatrixPerson) => {
    const { chunk } = await ann.ask<{ chunk: readonly { room_id: string }[] }>(
      'POST',
      '/publicRooms',
      network,
    );
    return chunk.map(({ room_id }) => room_id);
  };

  it('has a room of which the chat is open to all, and only while it is', async () => {
    const { becomes, ann, room } = await roomOfAlias({ publishRooms: true });
    const has = (rooms: readonly string[]) =>
      until(async () => expect(await found(ann)).toEqual(rooms));
    becomes(open);
    await has([room]);
    becomes({ ...open, isHidden: true });
    await has([]);
    becomes(open);
    await has([room]);
    becomes({ ...open, isByInvitation: true });
    await has([]);
  });

  it('has no room of which the chat does not say who may know of it, or that is bridged no more', async () => {
    const { becomes, ann, room } = await roomOfAlias({ publishRooms: true });
    expect(await found(ann)).toEqual([]);
    becomes(open);
    await until(async () => expect(await found(ann)).toEqual([room]));
    await ann.say(room, '!loop unbridge');
    await until(async () => expect(await found(ann)).toEqual([]));
  });

  it('loses the rooms once the operator does not want them there', async () => {
    const { story, becomes, ann, room } = await roomOfAlias({ publishRooms: true });
    becomes(open);
    await until(async () => expect(await found(ann)).toEqual([room]));
    await story.restartBridge({}, {}, { publishRooms: false });
    await until(async () => expect(await found(ann)).toEqual([]));
  });
});

describe('a room that was there before', () => {
  it('lets people in and speak as its own people say', async () => {
    const { story, becomes, ann, carol, rule } = await roomOfAlias();
    const own = await roomWithBot(ann, BOT, { preset: 'public_chat' });
    await link(ann, own, 'town');
    await ann.state(own, 'm.room.power_levels', { users: { [BOT]: 90 } });
    becomes({ ...open, isByInvitation: true, speakers: [] });
    await until(async () => expect(await rule()).toBe('invite'));
    await carol.say('town', 'after that');
    await ann.hears(own, 'after that');
    await story.stopBridge();
    expect(await state(ann, own, 'm.room.join_rules')).toEqual({ join_rule: 'public' });
    expect(await state(ann, own, 'm.room.power_levels')).not.toHaveProperty('events_default');
  });
});
