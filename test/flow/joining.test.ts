import { describe, expect, it } from 'vitest';
import { loopbackPerson } from '../../src/testing/loopback-network/index.ts';
import { arrives, bridgedRoom, ghost, until } from './support/bridged-room.ts';
import { startStory } from './support/story.ts';

describe('who does not speak', () => {
  it('has no ghost in the room until then, if the config says so', async () => {
    const story = await startStory({ network: { joins: { ghostsJoin: 'speaking' } } });
    const { ann, carol, room } = await bridgedRoom(story);
    const dave = await loopbackPerson(story.network.url, { id: 'dave' });
    await dave.join('town');
    await carol.say('town', 'hello');
    await ann.hears(room, 'hello');
    const members = async () => Object.keys(await ann.members(room));
    expect(await members()).toContain(ghost('carol'));
    expect(await members()).not.toContain(ghost('dave'));
    await dave.say('town', 'I am here as well');
    await ann.hears(room, 'I am here as well');
    expect(await members()).toContain(ghost('dave'));
    await carol.leave('town');
    await until(async () => expect(await members()).not.toContain(ghost('carol')));
  });

  it('has none in a big chat alone', async () => {
    const story = await startStory({ network: { joins: { ghostsJoinMost: 1 } } });
    const { ann, room } = await bridgedRoom(story);
    const members = async () => Object.keys(await ann.members(room));
    await until(async () => expect(await members()).toContain(ghost('carol')));
    const [dave, eve] = [
      await loopbackPerson(story.network.url, { id: 'dave' }),
      await loopbackPerson(story.network.url, { id: 'eve' }),
    ];
    await dave.join('town');
    await until(async () => expect(await members()).toContain(ghost('dave')));
    await story.restartBridge();
    await eve.join('town');
    await dave.say('town', 'hello');
    await ann.hears(room, 'hello');
    expect(await members()).not.toContain(ghost('eve'));
  });

  it('is not in the chat over there either until then, if the config says so', async () => {
    const story = await startStory({ network: { joins: { voicesJoin: 'speaking' } } });
    const { ann, room } = await bridgedRoom(story);
    const ben = await story.person('ben');
    await ann.invite(room, ben.userId);
    await ben.join(room);
    await ann.say(room, 'first');
    await arrives(story, 'town', 'first');
    const there = () =>
      story.network.log().filter((one) => one.type === 'member' && one.is === 'in').length;
    const before = there();
    await ben.say(room, 'second');
    await arrives(story, 'town', 'second');
    expect(there()).toBe(before + 1);
  });
});
