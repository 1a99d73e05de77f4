import { describe, expect, it } from 'vitest';
import { arrives, bridgedRoom, textsIn, until } from './support/bridged-room.ts';
import { type Story, startStory } from './support/story.ts';

let story: Story;

/** Ann and Bert in a bridged room, both with a voice that has spoken already. */
async function twoInARoom() {
  story = await startStory();
  const { ann, room } = await bridgedRoom(story);
  const bert = await story.person('bert');
  await ann.invite(room, bert.userId);
  await bert.join(room);
  for (const person of [ann, bert]) {
    await person.say(room, `${person.userId} is here`);
    await arrives(story, 'town', `${person.userId} is here`);
  }
  const said = () => textsIn(story, 'town').slice(2);
  return { ann, bert, room, said };
}

describe('an answer', () => {
  it('stays behind what it answers while that cannot be sent', async () => {
    const { ann, bert, room, said } = await twoInARoom();
    story.network.misbehave({ is: 'error', when: 'before', on: 'POST /chats/town/messages' });
    await ann.say(room, 'a question');
    await bert.say(room, 'an answer');
    await arrives(story, 'town', 'an answer');
    expect(said()).toEqual(['a question', 'an answer']);
  });

  it('passes somebody whom the network slows down', async () => {
    const { ann, bert, room, said } = await twoInARoom();
    story.network.misbehave({
      is: 'rate-limit',
      retryAfterMs: 400,
      on: 'POST /chats/town/messages',
    });
    await ann.say(room, 'too much of it');
    await bert.say(room, 'something else');
    await arrives(story, 'town', 'too much of it');
    expect(said()).toEqual(['something else', 'too much of it']);
  });
});

describe('what is about a message that waits', () => {
  const reactions = () => story.network.log().filter(({ type }) => type === 'reaction');
  const slowDown = (retryAfterMs: number) =>
    story.network.misbehave({ is: 'rate-limit', retryAfterMs, on: 'POST /chats/town/messages' });

  it('waits with it, and holds up nobody', async () => {
    const { ann, bert, room, said } = await twoInARoom();
    slowDown(400);
    const slow = await ann.say(room, 'too much of it');
    await bert.react(room, slow, '👍');
    await bert.say(room, 'something else');
    await until(() => expect(reactions()).toMatchObject([{ emoji: '👍' }]));
    expect(said()).toEqual(['something else', 'too much of it']);
    expect((await ann.texts(room)).filter((text) => text.includes('not reached'))).toEqual([]);
  });

  it('is not lost when it takes the message back', async () => {
    const { ann, bert, room, said } = await twoInARoom();
    slowDown(400);
    const slow = await bert.say(room, 'too much of it');
    await ann.redact(room, slow);
    // By then the message was there: only who said it may take it back on that network.
    await ann.hears(room, 'Your message has not reached Loop, because it was not allowed there.');
    expect(said()).toEqual(['too much of it']);
  });
});

describe('a message', () => {
  it('does not wait for somebody who came in and cannot be brought there', async () => {
    const { ann, room } = await twoInARoom();
    story.network.misbehave({ is: 'error', when: 'before', on: 'PUT /clients', times: 1_000 });
    const carl = await story.person('carl');
    await ann.invite(room, carl.userId);
    await carl.join(room);
    await ann.say(room, 'nobody waits');
    await arrives(story, 'town', 'nobody waits');
  });
});
