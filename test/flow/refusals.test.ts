import { afterEach, describe, expect, it } from 'vitest';
import { BOT, bridgedRoom, until } from './support/bridged-room.ts';
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
