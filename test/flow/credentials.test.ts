import { describe, expect, it } from 'vitest';
import { arrives, bridgedRoom, textsIn, until } from './support/bridged-room.ts';
import { fastClock } from './support/fast-clock.ts';
import { type Story, startStory } from './support/story.ts';

let story: Story;

const numbered = (who: string, count: number) =>
  Array.from({ length: count }, (_, n) => `${who} ${n}`);
const lines = (what: RegExp) => story.log.filter((line) => what.test(line));

describe('a homeserver with another hs_token', () => {
  it('is refused in words, the operator reads what to do, and all comes when it is mended', async () => {
    story = await startStory();
    const { ann, room } = await bridgedRoom(story);
    await story.stopBridge();
    await story.restartBridge({}, { hsToken: 'not-the-token-of-the-homeserver' });
    for (const text of numbered('m', 5)) await ann.say(room, text);
    await until(() =>
      expect(lines(/without the right homeserver token/).length).toBeGreaterThan(0),
    );
    const [line] = lines(/without the right homeserver token/);
    expect(line).toMatch(/^warn .*"token":"wrong".*Compare hs_token in the registration/);
    expect(story.homeserver.backlog('story')).toBeGreaterThanOrEqual(5);

    await story.restartBridge();
    await arrives(story, 'town', 'm 4');
    expect(textsIn(story, 'town')).toEqual(numbered('m', 5));
    for (const secret of [story.registration.hsToken, 'not-the-token-of-the-homeserver'])
      expect(story.log.join()).not.toContain(secret);
  });
});

describe('an as_token that is revoked while messages wait', () => {
  it('is said once and in words, and all goes on by itself when the homeserver knows it again', async () => {
    const clock = fastClock();
    story = await startStory({ clock });
    const { ann, carol, room } = await bridgedRoom(story);
    await carol.say('town', 'r 0');
    await ann.hears(room, 'r 0');
    await ann.say(room, 'm 0');
    await arrives(story, 'town', 'm 0');

    story.between.interfere(() => ({ status: 401, errcode: 'M_UNKNOWN_TOKEN' }));
    const before = story.between.asked.length;
    for (const text of numbered('r', 20).slice(1)) await carol.say('town', text);
    await ann.say(room, 'm 1');
    await until(() => expect(lines(/does not know the as_token/)).toHaveLength(1));
    expect(lines(/does not know the as_token/)[0]).toMatch(/^error .*Compare as_token/);
    // What is known of Ann already needs nothing of the homeserver.
    await arrives(story, 'town', 'm 1');
    expect(story.between.asked.length - before).toBeLessThan(10);

    story.between.mend();
    clock.run(20);
    await ann.hears(room, 'r 19');
    const here = (await ann.timeline(room)).map(({ content }) => String(content['body']));
    expect(here.filter((text) => /^r \d/.test(text))).toEqual(numbered('r', 20));
    expect(lines(/knows the as_token again/)).toHaveLength(1);
    expect(story.log.join()).not.toContain(story.registration.asToken);
  });
});
