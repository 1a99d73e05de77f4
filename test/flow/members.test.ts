import { describe, expect, it } from 'vitest';
import { loopbackPerson } from '../../src/testing/loopback-network/index.ts';
import { arrives, BOT, bridgedRoom, ghost, until } from './support/bridged-room.ts';
import { type Story, startStory } from './support/story.ts';

let story: Story;

const membersThere = () =>
  story.network.log().flatMap((one) => (one.type === 'member' && one.chat === 'town' ? [one] : []));

describe('coming and going', () => {
  it('makes ghosts of those who are there, come and go', async () => {
    story = await startStory();
    const { ann, carol, room } = await bridgedRoom(story);
    await until(async () => expect(Object.keys(await ann.members(room))).toContain(ghost('carol')));

    const dave = await loopbackPerson(story.network.url, { id: 'dave_1', displayName: 'Dave' });
    await dave.join('town');
    await until(async () =>
      expect(Object.keys(await ann.members(room))).toContain(ghost('dave__1')),
    );
    await carol.leave('town');
    await until(async () =>
      expect(Object.keys(await ann.members(room))).not.toContain(ghost('carol')),
    );
  });

  it('kicks the ghost of somebody who was kicked over there', async () => {
    story = await startStory();
    const { ann, carol, room } = await bridgedRoom(story);
    const dave = await loopbackPerson(story.network.url, { id: 'dave' });
    await dave.join('town');
    await until(async () => expect(Object.keys(await ann.members(room))).toContain(ghost('dave')));

    await carol.setMember('town', 'dave', 'out', 'rude');
    const gone = await ann.sees(
      room,
      ({ state_key, content }) => state_key === ghost('dave') && content['membership'] === 'leave',
    );
    expect(gone.content['reason']).toBe('Removed by carol: rude');
  });

  it('kicks over there whom somebody kicked here', async () => {
    story = await startStory();
    const { ann, room } = await bridgedRoom(story);
    await until(async () => expect(Object.keys(await ann.members(room))).toContain(ghost('carol')));
    await ann.kick(room, ghost('carol'), 'spam');
    await until(() =>
      expect(membersThere()).toContainEqual(
        expect.objectContaining({ who: 'carol', is: 'out', reason: 'spam' }),
      ),
    );
  });

  it('bans whom somebody banned, on either side, until that is lifted', async () => {
    story = await startStory();
    const { ann, carol, room } = await bridgedRoom(story);
    const dave = await loopbackPerson(story.network.url, { id: 'dave' });
    await dave.join('town');
    await until(async () => expect(Object.keys(await ann.members(room))).toContain(ghost('dave')));
    await ann.state(room, 'm.room.power_levels', { users: { [BOT]: 50 } });
    const isHere = async () =>
      (await ann.timeline(room)).flatMap(({ state_key, content, sender }) =>
        state_key === ghost('dave') ? [`${content['membership']} by ${sender}`] : [],
      );

    await carol.setMember('town', 'dave', 'banned', 'spam');
    await until(async () => expect((await isHere()).at(-1)).toBe(`ban by ${BOT}`));
    await carol.setMember('town', 'dave', 'unbanned');
    await until(async () => expect((await isHere()).at(-1)).toBe(`leave by ${BOT}`));
    await dave.join('town');
    await until(async () => expect((await isHere()).at(-1)).toBe(`join by ${ghost('dave')}`));

    const movesThere = () => membersThere().flatMap(({ who, is }) => (who === 'dave' ? [is] : []));
    await ann.ban(room, ghost('dave'));
    await until(() => expect(movesThere().at(-1)).toBe('banned'));
    await ann.unban(room, ghost('dave'));
    await until(() =>
      expect(movesThere()).toEqual([
        ...['in', 'banned', 'unbanned', 'in'],
        ...['banned', 'unbanned'],
      ]),
    );
    await until(async () => expect(await story.queueLength()).toBe(0));
    expect((await isHere()).slice(-2)).toEqual([`ban by ${ann.userId}`, `leave by ${ann.userId}`]);
  });

  it('invites whom somebody invited, on either side', async () => {
    story = await startStory();
    const { ann, carol, room } = await bridgedRoom(story);
    const bob = await story.person('bob');
    await ann.invite(room, bob.userId);
    await bob.join(room);
    await bob.say(room, 'hello');
    await arrives(story, 'town', 'hello');
    const voice = story.network.messages('town')[0]?.sender ?? '';
    await bob.leave(room);
    await until(() => expect(membersThere().at(-1)).toMatchObject({ who: voice, is: 'out' }));
    await carol.setMember('town', voice, 'invited');
    expect(await bob.invited()).toBe(room);

    await loopbackPerson(story.network.url, { id: 'dave' });
    await ann.invite(room, ghost('dave'));
    await until(() =>
      expect(membersThere()).toContainEqual(
        expect.objectContaining({ who: 'dave', is: 'invited' }),
      ),
    );
  });

  it('kicks nobody who is back, where the answer to the kick was lost', async () => {
    story = await startStory();
    const { ann, carol, room } = await bridgedRoom(story);
    await until(async () => expect(Object.keys(await ann.members(room))).toContain(ghost('carol')));
    const kick = 'POST /chats/town/members/carol';
    story.network.misbehave({ is: 'drop', when: 'after', on: kick });
    await ann.kick(room, ghost('carol'), 'spam');
    const moves = () => membersThere().flatMap(({ who, is }) => (who === 'carol' ? [is] : []));
    await until(() => expect(moves()).toEqual(['in', 'out']));
    await carol.join('town');
    await ann.say(room, 'she is back');
    await arrives(story, 'town', 'she is back');
    await until(async () => expect(await story.queueLength()).toBe(0));
    expect(moves()).toEqual(['in', 'out', 'in']);
  });

  it('brings the voice of a Matrix user when they join, and takes it away when they leave', async () => {
    story = await startStory();
    const { ann, room } = await bridgedRoom(story);
    const bob = await story.person('bob');
    await ann.invite(room, bob.userId);
    await bob.join(room);
    const came = await until(() => {
      const found = membersThere().find(
        ({ is, who }) => is === 'in' && who !== 'carol' && who !== 'bridge',
      );
      if (!found) throw new Error('nobody came');
      return found;
    });
    await bob.leave(room);
    await until(() =>
      expect(membersThere()).toContainEqual(expect.objectContaining({ who: came.who, is: 'out' })),
    );
  });

  it('puts out of the room whose voice was kicked over there', async () => {
    story = await startStory();
    const { ann, carol, room } = await bridgedRoom(story);
    const bob = await story.person('bob');
    await ann.state(room, 'm.room.power_levels', powerFor(ann.userId));
    await ann.invite(room, bob.userId);
    await bob.join(room);
    await bob.say(room, 'hello');
    await arrives(story, 'town', 'hello');
    const [said] = story.network.messages('town');
    await carol.setMember('town', said?.sender ?? '', 'out', 'rude');
    const gone = await ann.sees(
      room,
      ({ state_key, content }) => state_key === bob.userId && content['membership'] === 'leave',
    );
    expect(gone.content['reason']).toBe('Removed by carol: rude');
  });
});

/** The bot may kick. The creator of a room has all power anyway, and may not be named. */
const powerFor = (_creator: string) => ({ users: { '@bridge_bot:hs.test': 50 }, kick: 50 });

describe('after a start', () => {
  it('the voice of somebody who left meanwhile leaves as well', async () => {
    story = await startStory();
    const { ann, room } = await bridgedRoom(story);
    const bob = await story.person('bob');
    await ann.invite(room, bob.userId);
    await bob.join(room);
    await bob.say(room, 'from bob');
    await arrives(story, 'town', 'from bob');
    const [said] = story.network.messages('town');
    await story.stopBridge();
    await bob.leave(room);
    await story.restartBridge();
    await until(() =>
      expect(membersThere()).toContainEqual(
        expect.objectContaining({ who: said?.sender, is: 'out' }),
      ),
    );
  });

  it('the voices that were out are out again, and those that were let go are not', async () => {
    story = await startStory();
    const { ann, carol, room } = await bridgedRoom(story);
    const bob = await story.person('bob');
    await ann.invite(room, bob.userId);
    await bob.join(room);
    await bob.say(room, 'from bob');
    await ann.say(room, 'from ann');
    await arrives(story, 'town', 'from ann');
    await arrives(story, 'town', 'from bob');
    const senderOf = (text: string) =>
      story.network.messages('town').find((one) => one.text === text)?.sender ?? '';
    const [annThere, bobThere] = [senderOf('from ann'), senderOf('from bob')];
    await bob.leave(room);
    await until(() =>
      expect(membersThere()).toContainEqual(expect.objectContaining({ who: bobThere, is: 'out' })),
    );
    await story.stopBridge();
    await carol.setMember('town', annThere, 'out');
    const before = membersThere().length;
    await story.restartBridge();
    await until(() =>
      expect(membersThere().slice(before)).toMatchObject([{ who: annThere, is: 'in' }]),
    );
  });
});
