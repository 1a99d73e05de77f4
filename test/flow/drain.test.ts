import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { askBridge } from '../../src/operator/ask.ts';
import { arrives, bridgedRoom, textsIn, until } from './support/bridged-room.ts';
import { type Story, startStory } from './support/story.ts';

let story: Story;
const ask = (what: string, asked?: object) =>
  askBridge(join(dirname(story.database), 'operator.sock'), what, asked);
const isListening = () =>
  fetch(`${story.url}/health`).then(
    () => true,
    () => false,
  );
const saidInLog = (words: string) => story.log.filter((line) => line.includes(words));

/** Ann in a bridged room whose network answers nothing for a while, with two messages on their way. */
async function withQueue(retryAfterMs: number) {
  story = await startStory();
  const { ann, carol, room } = await bridgedRoom(story);
  await ann.say(room, 'zero');
  await arrives(story, 'town', 'zero');
  story.network.misbehave({ is: 'rate-limit', retryAfterMs, on: 'POST /chats/town/messages' });
  for (const text of ['one', 'two']) await ann.say(room, text);
  await until(async () => expect(await story.queueLength()).toBe(2));
  return { ann, carol, room };
}

describe('a bridge that is drained', () => {
  it('takes nothing new from the homeserver, gets over what waits, and goes on hearing the network', async () => {
    const { ann, carol, room } = await withQueue(1_500);
    await ask('drain', { deadlineMs: 30_000 });
    await until(async () => expect(await isListening()).toBe(false));
    await ann.say(room, 'three');
    await carol.say('town', 'still here?');
    expect(await ask('state')).toMatchObject({
      isDraining: true,
      amounts: [{ network: 'loop', direction: 'to_network', waiting: 2 }, {}],
    });
    await story.drained();
    expect(textsIn(story, 'town')).toEqual(['zero', 'still here?', 'one', 'two']);
    await ann.hears(room, 'still here?');
    expect(await story.queueLength()).toBe(0);
    await story.restartBridge();
    await arrives(story, 'town', 'three');
    expect(textsIn(story, 'town')).toEqual(['zero', 'still here?', 'one', 'two', 'three']);
  });

  it('ends at its deadline, says what is left, and loses none of it', async () => {
    await withQueue(2_000);
    await ask('drain', { deadlineMs: 300 });
    await story.drained();
    expect(saidInLog('warn Not all could be got over in time')).toHaveLength(1);
    expect(textsIn(story, 'town')).toEqual(['zero']);
    await story.restartBridge();
    await arrives(story, 'town', 'two');
    expect(textsIn(story, 'town')).toEqual(['zero', 'one', 'two']);
  });

  it('is drained once, and by nobody who does not say for how long', async () => {
    await withQueue(1_000);
    await expect(ask('drain')).rejects.toThrow('deadlineMs');
    expect(await ask('state')).toMatchObject({ isDraining: false });
    await ask('drain', { deadlineMs: 30_000 });
    await ask('drain', { deadlineMs: 0 });
    await story.drained();
    expect(textsIn(story, 'town')).toEqual(['zero', 'one', 'two']);
  });
});
