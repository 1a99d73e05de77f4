import { afterEach, describe, expect, it, vi } from 'vitest';
import { arrives, bridgedRoom, textsIn, until } from './support/bridged-room.ts';
import { type Story, startStory } from './support/story.ts';

let story: Story;
afterEach(async () => {
  vi.useRealTimers();
  await story.close();
});

const HOUR_MS = 3_600_000;

describe('a clock that is set while messages wait', () => {
  it.each([
    ['back by an hour', -HOUR_MS],
    ['forward by a day', 24 * HOUR_MS],
  ])('%s: none of them expires, and none waits longer for it', async (_, byMs) => {
    story = await startStory({ bridge: { maxAgeMs: HOUR_MS } });
    const { ann, room } = await bridgedRoom(story);
    await ann.say(room, 'm 0');
    await arrives(story, 'town', 'm 0');

    story.network.misbehave({ is: 'error', when: 'before' });
    await ann.say(room, 'm 1');
    await until(() => expect(story.log.join('\n')).toContain('A message waits'));
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + byMs });
    await ann.say(room, 'm 2');

    await arrives(story, 'town', 'm 2');
    expect(textsIn(story, 'town')).toEqual(['m 0', 'm 1', 'm 2']);
    await story.repair(async (repairs) => expect(await repairs.deadLetters(10)).toEqual([]));
  });
});
