import { afterEach, describe, expect, it } from 'vitest';
import { bridgedRoom, until } from './support/bridged-room.ts';
import { type FastClock, fastClock } from './support/fast-clock.ts';
import { type Story, startStory } from './support/story.ts';

let clock: FastClock;
let story: Story;
afterEach(() => clock.run(1));

const MINUTES = 1 / (24 * 60);

async function deadLetters(): Promise<number> {
  let count = 0;
  await story.repair(async (repairs) => {
    count = (await repairs.deadLetters(9)).length;
  });
  return count;
}

describe('a dead letter', () => {
  it('is kept with its words for as long as the config says, and then no longer, also on disk', async () => {
    clock = fastClock();
    story = await startStory({ clock, bridge: { deadLetterDays: 5 * MINUTES } });
    const { ann, room } = await bridgedRoom(story);
    await ann.send(room, { msgtype: 'm.image', body: 'secret.png', url: 'mxc://hs.test/cat' });
    await ann.hears(room, 'Your message has not reached Loop, because it cannot be said there.');
    expect(await deadLetters()).toBe(1);
    expect(await story.filesWith('secret.png')).not.toEqual([]);

    const failedAtMs = clock.now();
    clock.run(250);
    await until(async () => expect(await deadLetters()).toBe(0));
    expect(clock.now() - failedAtMs).toBeGreaterThan(4 * 60_000);
    await until(async () => expect(await story.filesWith('secret.png')).toEqual([]));
  });
});
