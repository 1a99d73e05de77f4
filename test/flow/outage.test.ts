import { describe, expect, it } from 'vitest';
import { arrives, bridgedRoom, link, roomWithBot, textsIn, until } from './support/bridged-room.ts';
import { fastClock } from './support/fast-clock.ts';
import { type Story, startStory } from './support/story.ts';

let story: Story;

describe('a network that is away for longer than messages may wait', () => {
  it('costs those that waited too long, which their sender is told, and no younger one', async () => {
    story = await startStory({ bridge: { maxAgeMs: 1_500 } });
    const { ann, room } = await bridgedRoom(story);
    await ann.say(room, 'm 0');
    await arrives(story, 'town', 'm 0');

    await story.stopNetwork();
    for (const n of [1, 2, 3]) await ann.say(room, `m ${n}`);
    const failed = async () =>
      (await ann.texts(room)).filter((text) => text.includes('has not reached Loop'));
    await until(async () => expect(await failed()).toHaveLength(3));
    for (const n of [4, 5, 6]) await ann.say(room, `m ${n}`);
    await story.startNetwork();

    await arrives(story, 'town', 'm 6');
    expect(textsIn(story, 'town')).toEqual(['m 0', 'm 4', 'm 5', 'm 6']);
    await story.repair(async (repairs) => {
      const letters = await repairs.deadLetters(10);
      expect(letters.map(({ outcome, reason }) => [outcome, reason?.split(':')[0]])).toEqual(
        Array(3).fill(['failed', 'unreachable']),
      );
    });
  });
});

describe('a homeserver that is away for an hour', () => {
  it('is asked ever less often, and gets everything in order when it is back', async () => {
    const clock = fastClock();
    story = await startStory({ clock });
    const { ann, carol, room } = await bridgedRoom(story);
    const rooms = [room];
    for (let n = 1; n < 3; n++) {
      const more = await roomWithBot(ann);
      await link(ann, more, 'town');
      rooms.push(more);
    }
    await carol.say('town', 'r 0');
    for (const each of rooms) await ann.hears(each, 'r 0');

    story.between.interfere(() => 'cut');
    clock.run(600);
    // Whether it is there is asked in a small request that is the same for all rooms.
    const aboutRooms = () => story.between.asked.filter(({ path }) => !path.endsWith('/versions'));
    const [before, sinceMs] = [aboutRooms().length, clock.now()];
    for (let n = 1; n <= 50; n++) await carol.say('town', `r ${n}`);
    await until(() => expect(clock.now() - sinceMs).toBeGreaterThan(3_600_000));
    const perRoomAndHour = (aboutRooms().length - before) / rooms.length;
    // About once in a minute, and then some times in a row.
    expect(perRoomAndHour).toBeLessThan(400);
    story.between.mend();
    clock.run(20);

    for (const each of rooms) {
      await ann.hears(each, 'r 50');
      const here = (await ann.timeline(each)).map(({ content }) => String(content['body']));
      expect(here.filter((text) => /^r \d/.test(text))).toEqual(
        Array.from({ length: 51 }, (_, n) => `r ${n}`),
      );
    }
  });
});
