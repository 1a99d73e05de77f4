import { afterEach, describe, expect, it } from 'vitest';
import type { Fault } from './support/between.ts';
import {
  arrives,
  BOT,
  bridgedRoom,
  link,
  roomWithBot,
  textsIn,
  until,
} from './support/bridged-room.ts';
import { type Story, startStory } from './support/story.ts';

const FORBIDDEN = { status: 403, errcode: 'M_FORBIDDEN' };

let story: Story;
afterEach(() => story.close());

async function deadLetters() {
  let reasons: readonly (string | undefined)[] = [];
  await story.repair(async (repairs) => {
    reasons = (await repairs.deadLetters(100)).map(({ reason }) => reason);
  });
  return reasons;
}

const _errors = () => story.log.filter((line) => line.startsWith('error'));

describe('a room that refuses everything', () => {
  it('costs its own messages, which are kept, and no others', async () => {
    story = await startStory();
    const { ann, carol, room } = await bridgedRoom(story);
    const other = await roomWithBot(ann);
    await link(ann, other, 'town');
    await carol.say('town', 'before');
    await ann.hears(room, 'before');
    await ann.hears(other, 'before');

    // First it does not answer at all, so that it would have to be looked at before it is written to.
    const about = (path: string, fault: Fault) => (path.includes(room) ? fault : undefined);
    story.between.interfere(({ path }) => about(path, 'cut'));
    await carol.say('town', 'r 1');
    await until(() => expect(story.log.join()).toContain('A room waits for the homeserver'));
    story.between.interfere(({ path }) => about(path, FORBIDDEN));
    for (const n of [2, 3]) await carol.say('town', `r ${n}`);
    await ann.hears(other, 'r 3');
    await ann.say(room, '!loop status');
    await ann.say(room, 'what is said there is heard here');
    await arrives(story, 'town', 'what is said there is heard here');
    await until(async () => expect(await story.queueLength()).toBe(0));
    expect(await deadLetters()).toHaveLength(3);

    story.between.mend();
    await carol.say('town', 'after');
    await ann.hears(room, 'after');
    expect(textsIn(story, 'town').filter((text) => text === 'after')).toHaveLength(1);
  });

  it('gets no words when it is encrypted, though the bot could not say so there', async () => {
    story = await startStory();
    const { ann, carol, room } = await bridgedRoom(story);
    await carol.say('town', 'in clear');
    await ann.hears(room, 'in clear');
    story.between.interfere(({ method, path }) =>
      method === 'PUT' && path.includes(BOT) ? FORBIDDEN : undefined,
    );
    await ann.state(room, 'm.room.encryption', { algorithm: 'm.megolm.v1.aes-sha2' });
    await until(() => expect(story.homeserver.backlog('story')).toBe(0));
    await carol.say('town', 'secret');
    await until(async () => expect(await deadLetters()).toEqual(['The room is encrypted']));
    expect((await ann.texts(room)).join()).not.toContain('secret');
  });
});
