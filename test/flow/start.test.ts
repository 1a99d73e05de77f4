import { describe, expect, it } from 'vitest';
import type { Clock } from '../../src/ports/clock.ts';
import { systemClock } from '../../src/util/system-clock.ts';
import { roomWithBot, until } from './support/bridged-room.ts';
import { type Story, startStory } from './support/story.ts';

let story: Story;

const UNREACHABLE = 'This could not be done: the network cannot be reached. Try again later.';

/** A room in which a command waits for a network that is away, as the bridge has just been started. */
async function commandAtStart(clock: Clock = systemClock) {
  story = await startStory({ clock });
  const ann = await story.person('ann');
  const room = await roomWithBot(ann);
  await story.stopBridge();
  await story.stopNetwork();
  await ann.say(room, '!loop bridge #town');
  await story.restartBridge();
  await until(() => expect(story.log.join('\n')).toContain('A room waits'));
  return { ann, room };
}

describe('a command that is taken up at a start', () => {
  it('waits for its network to open', async () => {
    const { ann, room } = await commandAtStart();
    await story.startNetwork();
    await ann.hears(room, 'This room is bridged to town on Loop now.');
    expect((await ann.texts(room)).join('\n')).not.toContain(UNREACHABLE);
  });

  it('is answered where the network stays away', async () => {
    let aheadMs = 0;
    const clock = { ...systemClock, now: () => systemClock.now() + aheadMs };
    const { ann, room } = await commandAtStart(clock);
    expect((await ann.texts(room)).join('\n')).not.toContain(UNREACHABLE);
    aheadMs = 20_000;
    await ann.hears(room, UNREACHABLE);
  });
});
