import { describe, expect, it } from 'vitest';
import { loopbackPerson } from '../../src/testing/loopback-network/index.ts';
import { arrives, bridgedRoom, link, roomWithBot, until } from './support/bridged-room.ts';
import type { MatrixPerson } from './support/matrix-person.ts';
import { type Story, startStory } from './support/story.ts';

let story: Story;

const REACTION =
  'Your reaction has not reached Loop, because the message that you reacted to is not there.';
const REDACTION =
  'What you took back may still be on Loop: it is unknown whether it ever got there.';

/** What the bridge says of an event. */
const told = (ann: MatrixPerson, room: string, of: string, text: string) =>
  ann.sees(
    room,
    ({ content }) => {
      const answered = content['m.relates_to'] as { 'm.in_reply_to'?: { event_id: string } };
      return content['body'] === text && answered?.['m.in_reply_to']?.event_id === of;
    },
    `“${text}”`,
  );

/** Everything before it is dealt with by then, as it goes over in order. */
async function sayAndWait(ann: MatrixPerson, room: string, text: string): Promise<void> {
  await ann.say(room, text);
  await arrives(story, 'town', text);
}

const noticesIn = async (ann: MatrixPerson, room: string) =>
  (await ann.timeline(room)).filter(({ content }) => content['msgtype'] === 'm.notice').length;

/** A message of which nobody can say whether it got over. */
async function unknownMessage(): Promise<{ ann: MatrixPerson; room: string; lost: string }> {
  story = await startStory({ certainty: 'nothing' });
  const { ann, room } = await bridgedRoom(story);
  await sayAndWait(ann, room, 'first');
  story.network.misbehave({ is: 'drop', when: 'after', on: 'POST /chats/town/messages' });
  const lost = await ann.say(room, 'second');
  await ann.sees(room, ({ content }) => String(content['body']).startsWith('It is unknown'));
  return { ann, room, lost };
}

describe('a reaction', () => {
  it('to a message that failed is told to its sender', async () => {
    story = await startStory();
    const { ann, room } = await bridgedRoom(story);
    const image = { msgtype: 'm.image', body: 'cat.png', url: 'mxc://hs.test/cat' };
    const like = await ann.react(room, await ann.send(room, image), '👍');
    await told(ann, room, like, REACTION);
  });

  it('to a message of which nobody knows whether it is there is told to its sender', async () => {
    const { ann, room, lost } = await unknownMessage();
    await told(ann, room, await ann.react(room, lost, '👍'), REACTION);
  });

  it('to a message from before the link is told to its sender', async () => {
    story = await startStory();
    const ann = await story.person('ann');
    const room = await roomWithBot(ann);
    const early = await ann.say(room, 'early');
    await link(ann, room, 'town');
    await told(ann, room, await ann.react(room, early, '👍'), REACTION);
  });

  it('to what the bridge bot said is nothing, and told to nobody', async () => {
    story = await startStory();
    const { ann, room } = await bridgedRoom(story);
    const answer = await ann.hears(room, 'This room is bridged to town on Loop now.');
    const before = await noticesIn(ann, room);
    await ann.react(room, answer.event_id, '👍');
    await sayAndWait(ann, room, 'and now?');
    await until(async () => expect(await story.queueLength()).toBe(0));
    expect(await noticesIn(ann, room)).toBe(before);
    await story.repair(async (repairs) => expect(await repairs.deadLetters(9)).toEqual([]));
  });
});

describe('an edit', () => {
  /** What the network has heard, once all of it is there, and how many were told something. */
  async function heardOf(ann: MatrixPerson, room: string, edit: () => Promise<unknown>) {
    const before = await noticesIn(ann, room);
    const heard = story.network.log().length;
    await edit();
    await sayAndWait(ann, room, 'and now?');
    expect(await noticesIn(ann, room)).toBe(before);
    await story.repair(async (repairs) => expect(await repairs.deadLetters(9)).toEqual([]));
    return story.network
      .log()
      .slice(heard)
      .map(({ type }) => type);
  }

  it('of what somebody else said is nothing, and told to nobody', async () => {
    story = await startStory();
    const { ann, carol, room } = await bridgedRoom(story);
    await carol.say('town', 'by carol');
    const theirs = await ann.hears(room, 'by carol');
    await sayAndWait(ann, room, 'ann is there');
    expect(await heardOf(ann, room, () => ann.edit(room, theirs.event_id, 'by ann'))).toEqual([
      'message',
    ]);
  });

  it('of an edit is nothing, and told to nobody', async () => {
    story = await startStory();
    const { ann, room } = await bridgedRoom(story);
    const said = await ann.say(room, 'frist');
    await arrives(story, 'town', 'frist');
    const edit = await ann.edit(room, said, 'first');
    await until(() => expect(story.network.log().at(-1)?.type).toBe('edit'));
    expect(await heardOf(ann, room, () => ann.edit(room, edit, 'fist'))).toEqual(['message']);
  });
});

describe('an answer', () => {
  it('to what is not over there is said without it', async () => {
    story = await startStory();
    const ann = await story.person('ann');
    const room = await roomWithBot(ann);
    const early = await ann.say(room, 'early');
    await link(ann, room, 'town');
    const answers = { 'm.relates_to': { 'm.in_reply_to': { event_id: early } } };
    await ann.say(room, 'to that', answers);
    await arrives(story, 'town', 'to that');
    expect(story.network.messages('town')).toMatchObject([{ text: 'to that' }]);
    expect(story.network.messages('town')[0]).not.toHaveProperty('replyTo');
  });
});

describe('a redaction', () => {
  it('of a message of which nobody knows whether it is there is told to its sender', async () => {
    const { ann, room, lost } = await unknownMessage();
    const { event_id: redaction } = await ann.redact(room, lost);
    await told(ann, room, redaction, REDACTION);
  });

  it('of what was never bridged is nothing, and told to nobody', async () => {
    story = await startStory();
    const ann = await story.person('ann');
    const room = await roomWithBot(ann);
    const early = await ann.say(room, 'early');
    await link(ann, room, 'town');
    const before = await noticesIn(ann, room);
    await ann.redact(room, early);
    await sayAndWait(ann, room, 'and now?');
    expect(await noticesIn(ann, room)).toBe(before);
    expect(story.network.log().filter(({ type }) => type === 'removal')).toEqual([]);
    await story.repair(async (repairs) => expect(await repairs.deadLetters(9)).toEqual([]));
  });

  it('of a message that failed is nothing, and told to nobody', async () => {
    story = await startStory();
    const { ann, room } = await bridgedRoom(story);
    const image = { msgtype: 'm.image', body: 'cat.png', url: 'mxc://hs.test/cat' };
    const failed = await ann.send(room, image);
    await ann.hears(room, 'Your message has not reached Loop, because it cannot be said there.');
    const before = await noticesIn(ann, room);
    await ann.redact(room, failed);
    await sayAndWait(ann, room, 'and now?');
    expect(await noticesIn(ann, room)).toBe(before);
    await story.repair(async (repairs) => expect(await repairs.deadLetters(9)).toHaveLength(1));
  });
});

describe('an answer from the network to what it has only just got', () => {
  /** What Ann has just said, of which the network does not tell the bridge for a while that it has it. */
  async function justSaid() {
    story = await startStory();
    const { ann, carol, room } = await bridgedRoom(story);
    await sayAndWait(ann, room, 'first');
    story.network.misbehave({
      is: 'delay',
      delayMs: 1_500,
      when: 'after',
      on: 'POST /chats/town/messages',
    });
    const asked = await ann.say(room, 'who likes this?');
    await arrives(story, 'town', 'who likes this?');
    const target = story.network.messages('town').at(-1)?.id ?? '';
    const dave = await loopbackPerson(story.network.url, { id: 'dave' });
    await dave.join('town');
    return { ann, carol, dave, room, asked, target };
  }

  /** Reactions and what was said in the room, in its order. */
  async function orderIn(ann: MatrixPerson, room: string) {
    const order = (await ann.timeline(room)).flatMap(({ type, content }) =>
      type === 'm.reaction' ? ['👍'] : [String(content['body'])],
    );
    return (wanted: string) => order.findIndex((text) => text.endsWith(wanted));
  }

  it('is bridged once that is linked, and holds up nobody', async () => {
    const { ann, carol, dave, room, asked, target } = await justSaid();
    await dave.react('town', target, '👍');
    await dave.say('town', 'I do');
    await carol.say('town', 'I do not');
    const event = await ann.sees(room, ({ type }) => type === 'm.reaction', 'the reaction');
    expect(event.content['m.relates_to']).toMatchObject({ event_id: asked, key: '👍' });
    await ann.hears(room, 'I do');
    const from = await orderIn(ann, room);
    expect(from('I do')).toBeLessThan(from('I do not'));
    expect(from('I do not')).toBeLessThan(from('👍'));
  });

  it('keeps its place where it is words', async () => {
    const { ann, carol, dave, room, target } = await justSaid();
    await dave.say('town', 'I do', { replyTo: target });
    await dave.say('town', 'a lot');
    await carol.say('town', 'I do not');
    await ann.hears(room, 'I do not');
    const from = await orderIn(ann, room);
    expect(from('I do')).toBeLessThan(from('a lot'));
    expect(from('a lot')).toBeLessThan(from('I do not'));
  });
});
