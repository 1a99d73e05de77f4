import { describe, expect, it } from 'vitest';
import { loopbackPerson } from '../../src/testing/loopback-network/index.ts';
import { arrives, BOT, bridgedRoom, ghost, link, until } from './support/bridged-room.ts';
import type { MatrixPerson } from './support/matrix-person.ts';
import { type Story, startStory } from './support/story.ts';

let story: Story;

/** What was changed over there, and by which account. */
const titlesThere = () =>
  story.network.log().flatMap((one) => {
    if (one.type !== 'chat' || one.sender === undefined) return [];
    return [[one.chat, one.name, one.topic].filter((text) => text !== undefined).join(' ')];
  });

/** What became of a room's topic, and by whom. */
const titlesHere = async (ann: MatrixPerson, room: string, part = 'topic') =>
  (await ann.timeline(room))
    .filter(({ type }) => type === `m.room.${part}`)
    .map(({ sender, content }) => [sender, content[part]]);

const powerFor = (...who: readonly string[]) => ({
  users: Object.fromEntries(who.map((one) => [one, 50])),
});

const allow = (ann: MatrixPerson, room: string, ...who: readonly string[]) =>
  ann.state(room, 'm.room.power_levels', powerFor(...who));

/** A room that the bridge made: it follows its chat. */
async function madeRoom() {
  const ann = await story.person('ann');
  const carol = await loopbackPerson(story.network.url, { id: 'carol', displayName: 'Carol' });
  await carol.join('town');
  const room = await ann.join('#bridge_loop_#town:hs.test');
  await until(async () => expect(Object.keys(await ann.members(room))).toContain(ghost('carol')));
  return { ann, carol, room };
}

/** The bot gives somebody power in a room that is its own. */
async function empower(room: string, ...who: readonly string[]) {
  const { homeserver, registration } = story;
  const path = `/rooms/${encodeURIComponent(room)}/state/m.room.power_levels/`;
  const answer = await fetch(`${homeserver.url}/_matrix/client/v3${path}?user_id=${BOT}`, {
    method: 'PUT',
    headers: { authorization: `Bearer ${registration.asToken}` },
    body: JSON.stringify(powerFor(...who)),
  });
  expect(answer.status).toBe(200);
}

describe('a topic from the network', () => {
  it('is set by the ghost of whoever set it, where that may', async () => {
    story = await startStory();
    const { ann, carol, room } = await bridgedRoom(story);
    await until(async () => expect(Object.keys(await ann.members(room))).toContain(ghost('carol')));
    await allow(ann, room, ghost('carol'));
    await carol.setChat('town', { topic: 'tea' });
    await until(async () => expect(await titlesHere(ann, room)).toEqual([[ghost('carol'), 'tea']]));
  });

  it('is set by the bot, which says who it was, where only that may', async () => {
    story = await startStory();
    const { ann, carol, room } = await bridgedRoom(story);
    await allow(ann, room, BOT);
    await carol.setChat('town', { topic: 'tea' });
    await until(async () => expect(await titlesHere(ann, room)).toEqual([[BOT, 'tea']]));
    expect(await ann.texts(room)).toContain('bridge_bot: carol changed the topic to: tea');
    await carol.setChat('town', { topic: '' });
    await until(async () => expect((await titlesHere(ann, room)).at(-1)).toEqual([BOT, '']));
    expect(await ann.texts(room)).toContain('bridge_bot: carol took the topic away');
  });

  it('is said where nobody of ours may set it, and a name where the room has its own', async () => {
    story = await startStory();
    const { ann, carol, room } = await bridgedRoom(story);
    await carol.setChat('town', { topic: 'tea' });
    await carol.say('town', 'may I?');
    await ann.hears(room, 'may I?');
    expect(await ann.texts(room)).toContain('bridge_bot: carol changed the topic to: tea');
    await allow(ann, room, BOT);
    await carol.setChat('town', { name: 'Village' });
    await ann.hears(room, 'carol changed the name to: Village');
    expect(await titlesHere(ann, room)).toEqual([]);
    expect(await titlesHere(ann, room, 'name')).toEqual([]);
  });

  it('reaches every room of the chat, and every other chat of the room, and ends there', async () => {
    story = await startStory();
    const { ann, carol, room } = await bridgedRoom(story);
    await carol.join('city');
    await link(ann, room, 'city');
    await allow(ann, room, BOT);
    await carol.setChat('town', { topic: 'tea' });
    await until(() => expect(titlesThere()).toEqual(['town tea', 'city tea']));
    await until(async () => expect(await story.queueLength()).toBe(0));
    expect(await titlesHere(ann, room)).toEqual([[BOT, 'tea']]);
  });
});

describe('a topic from Matrix', () => {
  it('is set over there once, and comes back as nothing new', async () => {
    story = await startStory();
    const { ann, room } = await madeRoom();
    await empower(room, ann.userId);
    await ann.state(room, 'm.room.topic', { topic: 'cake' });
    await until(() => expect(titlesThere()).toEqual(['town cake']));
    await until(async () => expect(await story.queueLength()).toBe(0));
    expect(await titlesHere(ann, room)).toEqual([[ann.userId, 'cake']]);
  });

  it('is put back in a room that the bridge made, where it is refused, and its setter told', async () => {
    story = await startStory();
    const { ann, carol, room } = await madeRoom();
    await empower(room, ann.userId);
    await carol.setChat('town', { topic: 'tea' });
    await until(async () => expect(await titlesHere(ann, room)).toEqual([[BOT, 'tea']]));
    story.network.misbehave({ is: 'refuse', on: 'PATCH /chats/town' });
    await ann.state(room, 'm.room.topic', { topic: 'cake' });
    await ann.hears(
      room,
      'Loop does not take this name or topic from you: it is still as before there.',
    );
    await until(async () => expect((await titlesHere(ann, room)).at(-1)).toEqual([BOT, 'tea']));
    expect(titlesThere()).toEqual(['town tea']);
  });

  it('that was changed again before it could be set is not set', async () => {
    story = await startStory();
    const { ann, room } = await madeRoom();
    await empower(room, ann.userId);
    await ann.say(room, 'hello');
    await arrives(story, 'town', 'hello');
    await story.stopNetwork();
    await ann.state(room, 'm.room.topic', { topic: 'one' });
    await ann.state(room, 'm.room.topic', { topic: 'two' });
    await story.startNetwork();
    await until(() => expect(titlesThere()).toEqual(['town two']));
    await until(async () => expect(await story.queueLength()).toBe(0));
    expect((await titlesHere(ann, room)).at(-1)).toEqual([ann.userId, 'two']);
  });

  it('is not undone by an older one that only comes back', async () => {
    story = await startStory();
    const { ann, carol, room } = await madeRoom();
    await empower(room, ann.userId);
    story.network.misbehave({ is: 'delay', when: 'before', delayMs: 700, on: 'GET /events' });
    await carol.say('town', 'listen');
    await ann.hears(room, 'listen');
    await ann.state(room, 'm.room.topic', { topic: 'one' });
    await until(() => expect(titlesThere()).toEqual(['town one']));
    story.network.misbehave({ is: 'delay', when: 'before', delayMs: 2_000, on: 'PATCH /chats' });
    await ann.state(room, 'm.room.topic', { topic: 'two' });
    await until(() => expect(titlesThere()).toEqual(['town one', 'town two']));
    await until(async () => expect(await story.queueLength()).toBe(0));
    const mine = ['one', 'two'].map((topic) => [ann.userId, topic]);
    expect(await titlesHere(ann, room)).toEqual(mine);
  });

  it('is the same on both sides in the end, when both change it at once', async () => {
    story = await startStory();
    const { ann, carol, room } = await madeRoom();
    await empower(room, ann.userId);
    await ann.say(room, 'hello');
    await arrives(story, 'town', 'hello');
    await story.stopBridge();
    await ann.state(room, 'm.room.topic', { topic: 'cake' });
    await carol.setChat('town', { topic: 'tea' });
    await story.restartBridge();
    await until(() => expect(titlesThere()).toEqual(['town tea', 'town cake']));
    await until(async () => expect(await story.queueLength()).toBe(0));
    await until(async () => expect((await titlesHere(ann, room)).at(-1)?.[1]).toBe('cake'));
  });

  it('of a room with a name of its own is all that is passed on', async () => {
    story = await startStory();
    const { ann, room } = await bridgedRoom(story);
    await ann.state(room, 'm.room.name', { name: 'Mine' });
    await ann.state(room, 'm.room.topic', { topic: 'cake' });
    await until(() => expect(titlesThere()).toEqual(['town cake']));
    await until(async () => expect(await story.queueLength()).toBe(0));
  });
});
