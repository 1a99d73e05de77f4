import { describe, expect, it } from 'vitest';
import type { MishapInput } from '../../src/testing/dev-homeserver/index.ts';
import { loopbackPerson } from '../../src/testing/loopback-network/index.ts';
import {
  arrives,
  bridgedRoom,
  ghost,
  link,
  roomWithBot,
  textsIn,
  until,
} from './support/bridged-room.ts';
import type { MatrixPerson } from './support/matrix-person.ts';
import { type Story, startStory } from './support/story.ts';

let story: Story;

const SEND = 'PUT /rooms/{}/send';

/** What the ghosts said in a room, in order. */
async function saidByGhosts(person: MatrixPerson, room: string): Promise<readonly string[]> {
  const texts = await person.texts(room);
  return texts
    .filter((text) => text.startsWith('bridge_loop_'))
    .map((text) => text.slice(text.indexOf(': ') + 2));
}

/** Waits until the ghosts of all of them are in a room. */
const areThere = (person: MatrixPerson, room: string, ...names: readonly string[]) =>
  until(async () =>
    expect(Object.keys(await person.members(room))).toEqual(
      expect.arrayContaining(names.map(ghost)),
    ),
  );

const numbers = (side: string, count: number) =>
  Array.from({ length: count }, (_, n) => `${side} ${n}`);

describe('a homeserver that limits', () => {
  it('the messages gets each once, in order, and not before it said', async () => {
    story = await startStory();
    const { ann, carol, room } = await bridgedRoom(story);
    const limit = story.homeserver.misbehave({
      is: 'rate-limit',
      retryAfterMs: 700,
      on: SEND,
      appservice: 'story',
      times: 2,
    });
    const beganAtMs = performance.now();
    for (const text of numbers('r', 3)) await carol.say('town', text);
    await ann.hears(room, 'r 2');
    expect(await saidByGhosts(ann, room)).toEqual(numbers('r', 3));
    expect(limit.count).toBe(2);
    // The header says whole seconds, and the longer of both counts.
    expect(performance.now() - beganAtMs).toBeGreaterThan(2_000);
  });

  it('the invitations holds up no other chat', async () => {
    story = await startStory();
    const { ann, carol, room } = await bridgedRoom(story);
    const other = await roomWithBot(ann);
    await link(ann, other, 'village');
    await carol.join('village');
    await carol.say('village', 'here');
    await ann.hears(other, 'here');
    const limit = story.homeserver.misbehave({
      is: 'rate-limit',
      retryAfterMs: 3_600_000,
      on: 'POST /rooms/{}/invite',
      appservice: 'story',
      times: 'always',
    });
    const dave = await loopbackPerson(story.network.url, { id: 'dave' });
    await dave.join('town');
    await until(() => expect(limit.count).toBe(1));
    await ann.say(room, 'out of it');
    await arrives(story, 'town', 'out of it');
    await carol.say('village', 'still here');
    await ann.hears(other, 'still here');
  });

  it('the coming of somebody holds up what is theirs, and nothing else', async () => {
    story = await startStory();
    const { ann, carol, room } = await bridgedRoom(story);
    await carol.say('town', 'first');
    await ann.hears(room, 'first');
    const limit = story.homeserver.misbehave({
      is: 'rate-limit',
      retryAfterMs: 4_000,
      on: 'POST /rooms/{}/invite',
      appservice: 'story',
    });
    const dave = await loopbackPerson(story.network.url, { id: 'dave' });
    await dave.join('town');
    await until(() => expect(limit.count).toBe(1));
    const question = await dave.say('town', 'may I come in?');
    await dave.say('town', 'it is cold');
    await carol.say('town', 'nobody there');
    await carol.react('town', question, '🥶');
    await carol.say('town', 'well then');
    await ann.sees(room, ({ type }) => type === 'm.reaction', 'the reaction');
    expect(await saidByGhosts(ann, room)).toEqual([
      'first',
      'nobody there',
      'well then',
      'may I come in?',
      'it is cold',
    ]);
  });

  it('who was there before has them all come, one after the other', async () => {
    story = await startStory();
    const ann = await story.person('ann');
    for (const id of ['carol', 'dave'])
      await (await loopbackPerson(story.network.url, { id })).join('town');
    const limit = story.homeserver.misbehave({
      is: 'rate-limit',
      retryAfterMs: 3_000,
      on: 'POST /rooms/{}/invite',
      appservice: 'story',
    });
    const room = await roomWithBot(ann);
    await link(ann, room, 'town');
    await areThere(ann, room, 'carol', 'dave');
    expect(limit.count).toBe(1);
  });

  it('somebody whom a person invites holds up no message of the room', async () => {
    story = await startStory();
    const { ann, room } = await bridgedRoom(story);
    await loopbackPerson(story.network.url, { id: 'dave' });
    await areThere(ann, room, 'carol');
    const limit = story.homeserver.misbehave({
      is: 'rate-limit',
      retryAfterMs: 4_000,
      on: 'POST /rooms/{}/join',
      appservice: 'story',
    });
    await ann.invite(room, ghost('dave'));
    await ann.say(room, 'come in');
    await arrives(story, 'town', 'come in');
    expect(limit.count).toBe(1);
    expect(Object.keys(await ann.members(room))).not.toContain(ghost('dave'));
    await areThere(ann, room, 'dave');
  });
});

describe('a homeserver that fails', () => {
  it.each([
    ['before it has done anything', { is: 'error', when: 'before' }],
    ['after it has sent', { is: 'error', when: 'after' }],
    ['by losing a message', { is: 'drop', when: 'before' }],
    ['by losing its answer', { is: 'drop', when: 'after' }],
  ] as const)('%s has one event of each message, in order', async (_, mishap) => {
    story = await startStory();
    const { ann, carol, room } = await bridgedRoom(story);
    await carol.say('town', 'r 0');
    await ann.hears(room, 'r 0');
    const failure = story.homeserver.misbehave({ ...mishap, on: SEND, appservice: 'story' });
    await carol.say('town', 'r 1');
    await carol.say('town', 'r 2');
    await ann.hears(room, 'r 2');
    expect(failure.count).toBe(1);
    expect(await saidByGhosts(ann, room)).toEqual(numbers('r', 3));
  });

  it('by chance, in one way and another, has one event of each message, in order', async () => {
    story = await startStory();
    const { ann, carol, room } = await bridgedRoom(story);
    const often = { on: SEND, appservice: 'story', chance: { of: 0.4, seed: 5 } };
    const failures = [
      story.homeserver.misbehave({ is: 'drop', when: 'after', ...often }),
      story.homeserver.misbehave({ is: 'error', when: 'before', ...often }),
    ];
    for (const text of numbers('r', 8)) await carol.say('town', text);
    await until(async () => expect(await saidByGhosts(ann, room)).toEqual(numbers('r', 8)));
    expect(failures.map(({ count }) => count)).toEqual([1, 1]);
  });
});

describe('transactions', () => {
  const told = (mishap: MishapInput) => story.homeserver.misbehave(mishap);

  it('that come twice at the same time, or again as their answer was lost, are bridged once', async () => {
    story = await startStory();
    const { ann, room } = await bridgedRoom(story);
    const [twice, again] = [
      told({ is: 'repeat-transaction', times: 'always' }),
      told({ is: 'lose-answer', times: 5 }),
    ];
    for (const text of numbers('m', 10)) await ann.say(room, text);
    await arrives(story, 'town', 'm 9');
    await until(() => expect(story.homeserver.backlog('story')).toBe(0));
    expect(textsIn(story, 'town')).toEqual(numbers('m', 10));
    expect(twice.count).toBeGreaterThan(5);
    expect(again.count).toBe(5);
  });

  it('that grow under their id, though they were taken already, are bridged once', async () => {
    // Before it comes again there is something more to put into it.
    story = await startStory({ retryBaseMs: 2_000 });
    const { ann, room } = await bridgedRoom(story);
    told({ is: 'lose-answer', times: 'always' });
    const grown = told({ is: 'grow-transaction' });
    await ann.say(room, 'm 0');
    await arrives(story, 'town', 'm 0');
    await ann.say(room, 'm 1');
    await until(() => expect(grown.count).toBe(1));
    story.homeserver.behave();
    await arrives(story, 'town', 'm 1');
    await until(() => expect(story.homeserver.backlog('story')).toBe(0));
    expect(textsIn(story, 'town')).toEqual(numbers('m', 2));
  });

  it('whose ids begin at 1 again after a restart are all bridged', async () => {
    story = await startStory();
    const { ann, room } = await bridgedRoom(story);
    for (const text of numbers('m', 3)) await ann.say(room, text);
    await arrives(story, 'town', 'm 2');
    await until(() => expect(story.homeserver.backlog('story')).toBe(0));
    await story.homeserver.stop();
    await story.homeserver.start();
    const later = numbers('m', 8).slice(3);
    for (const text of later) await until(() => ann.say(room, text));
    await arrives(story, 'town', 'm 7');
    expect(textsIn(story, 'town')).toEqual(numbers('m', 8));
  });
});

describe('a message whose answer was lost', () => {
  it('is one event, also where the homeserver has forgotten that it was asked', async () => {
    story = await startStory();
    const { ann, carol, room } = await bridgedRoom(story);
    await carol.say('town', 'r 0');
    await ann.hears(room, 'r 0');
    const lost = story.homeserver.misbehave({ is: 'drop', when: 'after', on: SEND });
    await carol.say('town', 'r 1');
    await until(() => expect(lost.count).toBe(1));
    await story.homeserver.stop();
    await carol.say('town', 'r 2');
    await story.homeserver.start();
    await until(async () => expect(await saidByGhosts(ann, room)).toEqual(numbers('r', 3)));
  });
});
