import { describe, expect, it } from 'vitest';
import { arrives, bridgedRoom, textsIn, until } from './support/bridged-room.ts';
import { type Story, startStory } from './support/story.ts';

let story: Story;
const lines = (count: number) => Array.from({ length: count }, (_, n) => `line ${n}`);

/** Ann and Bert in a bridged room of a network with a limit for each of them. */
async function twoInARoom(userRate: { burst: number; perSecond: number }, maxAgeMs = 3_600_000) {
  story = await startStory({
    // Both speak with one voice: the limit is a person's, and not a voice's.
    network: { userRate, voices: ['relay'] },
    bridge: { maxAgeMs },
  });
  const { ann, room } = await bridgedRoom(story);
  const bert = await story.person('bert');
  await ann.invite(room, bert.userId);
  await bert.join(room);
  return { ann, bert, room };
}

/** What of Ann's is over there. */
const saidByAnn = () => textsIn(story, 'town').filter((text) => text.startsWith('line '));

describe('somebody who says more than they may', () => {
  it('gets all of it over in order, and holds up nobody else', async () => {
    const { ann, bert, room } = await twoInARoom({ burst: 10, perSecond: 10 });
    for (const line of lines(30)) await ann.say(room, line);
    await bert.say(room, 'hello');
    await arrives(story, 'town', 'hello');
    expect(saidByAnn().length).toBeLessThan(30);
    await until(() => expect(saidByAnn()).toEqual(lines(30)));
  });

  it('gets over what waits after a start of the bridge, in order', async () => {
    const { ann, room } = await twoInARoom({ burst: 5, perSecond: 5 });
    for (const line of lines(12)) await ann.say(room, line);
    await story.restartBridge();
    await until(() => expect(saidByAnn()).toEqual(lines(12)));
  });

  it('is told of what has waited too long, and why', async () => {
    const { ann, room } = await twoInARoom({ burst: 2, perSecond: 0.01 }, 1_000);
    await ann.say(room, 'line 0');
    await ann.say(room, 'line 1');
    await ann.say(room, 'line 2');
    await ann.hears(room, 'Your message has not reached Loop, because too much was said at once.');
    expect(saidByAnn()).toEqual(['line 0']);
  });
});
