import { describe, expect, it } from 'vitest';
import { loopbackPerson } from '../../src/testing/loopback-network/index.ts';
import { arrives, BOT, ghost, link, textsIn, until } from './support/bridged-room.ts';
import type { MatrixPerson } from './support/matrix-person.ts';
import { startStory } from './support/story.ts';

const at = (room: string) => `/rooms/${encodeURIComponent(room)}`;

async function upgrade(who: MatrixPerson, room: string): Promise<string> {
  const asked = { new_version: '12' };
  const made = await who.ask<{ replacement_room: string }>('POST', `${at(room)}/upgrade`, asked);
  return made.replacement_room;
}

const membersOf = async (who: MatrixPerson, room: string) => Object.keys(await who.members(room));

/** What people of the network said in a room, in order. */
const heardIn = async (who: MatrixPerson, room: string) =>
  (await who.texts(room)).filter((text) => text.startsWith('bridge_loop_carol: '));

/** Ann in a room of version 11 that is bridged to `town`, where Carol is. */
async function scene(preset: 'public_chat' | 'private_chat' = 'public_chat') {
  const story = await startStory();
  const ann = await story.person('ann');
  const carol = await loopbackPerson(story.network.url, { id: 'carol', displayName: 'Carol' });
  await carol.join('town');
  const room = await ann.createRoom({ preset, room_version: '11' });
  await comes(ann, room);
  await link(ann, room, 'town');
  await carol.say('town', 'c 0');
  await ann.hears(room, 'c 0');
  await ann.say(room, 'a 0');
  await arrives(story, 'town', 'a 0');
  return { story, ann, carol, room };
}

async function comes(ann: MatrixPerson, room: string): Promise<void> {
  await ann.invite(room, BOT);
  await until(async () => expect(await membersOf(ann, room)).toContain(BOT));
}

describe('a room that is replaced by another', () => {
  it('is followed: nothing is lost, doubled or out of order, on either side', async () => {
    const { story, ann, carol, room } = await scene();
    const room2 = await upgrade(ann, room);
    await ann.say(room2, 'a 1');
    await carol.say('town', 'c 1');
    await ann.say(room2, 'a 2');
    await ann.hears(room2, 'c 1');
    await arrives(story, 'town', 'a 2');
    await carol.say('town', 'c 2');
    await ann.hears(room2, 'c 2');
    expect(textsIn(story, 'town').filter((text) => text.startsWith('a'))).toEqual([
      'a 0',
      'a 1',
      'a 2',
    ]);
    const here = [...(await heardIn(ann, room)), ...(await heardIn(ann, room2))];
    expect(here.map((text) => text.slice(-3))).toEqual(['c 0', 'c 1', 'c 2']);
  });

  it('says that it is bridged no longer, the other that it is, and ghosts go along', async () => {
    const { ann, room } = await scene();
    const users = { [ann.userId]: 100, [BOT]: 50 };
    await ann.state(room, 'm.room.power_levels', { users });
    const room2 = await upgrade(ann, room);
    await until(async () => expect(await membersOf(ann, room2)).toContain(ghost('carol')));
    await until(async () => expect(await membersOf(ann, room)).not.toContain(ghost('carol')));
    const told = async (of: string) =>
      (await ann.timeline(of)).filter(({ type }) => type === 'm.bridge').at(-1)?.content;
    await until(async () => expect(await told(room2)).toMatchObject({ channel: { id: 'town' } }));
    await ann.say(room2, '!loop status');
    await ann.hears(
      room2,
      'town on Loop: connected, 0 waiting to go there, 0 waiting to come here',
    );
  });

  it('is bridged on where the bot has to be invited, with what was said until then', async () => {
    const { story, ann, carol, room } = await scene('private_chat');
    const room2 = await upgrade(ann, room);
    await until(() =>
      expect(story.log.join()).toContain('the bot has to be invited to the new one'),
    );
    await carol.say('town', 'c 1');
    await ann.say(room2, 'a 1');
    await until(() => expect(story.log.join()).toContain('A room waits for the homeserver'));
    await comes(ann, room2);
    await ann.say(room2, 'a 2');
    await carol.say('town', 'c 2');
    await ann.hears(room2, 'c 2');
    await arrives(story, 'town', 'a 2');
    expect((await heardIn(ann, room2)).map((text) => text.slice(-3))).toEqual(['c 1', 'c 2']);
    const late = expect.stringMatching(/^\[\d\d:\d\d UTC\] a 1$/);
    const said = textsIn(story, 'town').filter((text) => text.includes('a '));
    expect(said).toEqual(['a 0', late, 'a 2']);
    expect(await heardIn(ann, room)).toHaveLength(1);
  });

  it('is followed after a start where it was replaced while the bridge was away', async () => {
    const { story, ann, carol, room } = await scene();
    await ann.say(room, 'a 1');
    await arrives(story, 'town', 'a 1');
    await story.stopBridge();
    await ann.say(room, 'a 2');
    const room2 = await upgrade(ann, room);
    await ann.say(room2, 'a 3');
    await carol.say('town', 'c 1');
    await story.restartBridge();
    await ann.hears(room2, 'c 1');
    await arrives(story, 'town', 'a 3');
    await story.restartBridge();
    await ann.say(room2, 'a 4');
    await arrives(story, 'town', 'a 4');
    const said = textsIn(story, 'town').filter((text) => text.startsWith('a'));
    expect(said).toEqual(['a 0', 'a 1', 'a 2', 'a 3', 'a 4']);
  });

  it('has what was said there last, of which no answer came, and the other does not', async () => {
    const { story, ann, carol, room } = await scene();
    const on = 'PUT /rooms/{}/send';
    story.homeserver.misbehave({ is: 'drop', when: 'after', on, room, times: 'always' });
    await carol.say('town', 'c 1');
    await ann.hears(room, 'c 1');
    await until(() => expect(story.log.join()).toContain('A room waits for the homeserver'));
    const room2 = await upgrade(ann, room);
    await carol.say('town', 'c 2');
    await ann.hears(room2, 'c 2');
    expect(await heardIn(ann, room2)).toEqual(['bridge_loop_carol: c 2']);
    expect(await heardIn(ann, room)).toHaveLength(2);
  });

  it('may be the one that the config names, which goes on to mean the other', async () => {
    const portals = [{ chat: '#town', room: '#lounge:hs.test' }];
    const story = await startStory({ network: { portals } });
    const ann = await story.person('ann');
    const room = await ann.createRoom({ preset: 'public_chat', room_alias_name: 'lounge' });
    await comes(ann, room);
    await until(async () => {
      await ann.say(room, '!loop status');
      expect(await ann.texts(room)).toContain(
        'bridge_bot: town on Loop: connected, 0 waiting to go there, 0 waiting to come here',
      );
    });
    const room2 = await upgrade(ann, room);
    await ann.say(room2, 'a 1');
    await arrives(story, 'town', 'a 1');
    await story.restartBridge();
    await until(() =>
      expect(story.log.filter((line) => line.includes('A network is open'))).toHaveLength(2),
    );
    await ann.say(room2, 'a 2');
    await arrives(story, 'town', 'a 2');
    await ann.say(room, 'to nobody');
    await until(async () => expect(await story.queueLength()).toBe(0));
    await ann.say(room2, 'a 3');
    await arrives(story, 'town', 'a 3');
    expect(textsIn(story, 'town')).toEqual(['a 1', 'a 2', 'a 3']);
  });

  it('is not followed into a room that does not say so itself', async () => {
    const { story, ann, room } = await scene();
    const trap = await ann.createRoom({ preset: 'public_chat' });
    await ann.state(room, 'm.room.tombstone', { body: 'x', replacement_room: trap });
    await until(() => expect(story.log.join()).toContain('says nothing of it'));
    await ann.say(trap, 'in the trap');
    await ann.say(room, 'a 1');
    await arrives(story, 'town', 'a 1');
    expect(textsIn(story, 'town')).toEqual(['c 0', 'a 0', 'a 1']);
    expect(await membersOf(ann, trap)).not.toContain(BOT);
  });

  it('is not followed by the word of somebody who may not decide about it', async () => {
    const { story, ann, room } = await scene();
    const bob = await story.person('bob');
    await bob.join(room);
    await ann.state(room, 'm.room.power_levels', {
      users: { [ann.userId]: 100 },
      events: { 'm.room.tombstone': 0 },
    });
    const predecessor = { room_id: room };
    const trap = await bob.createRoom({ preset: 'public_chat', creation_content: { predecessor } });
    await bob.state(room, 'm.room.tombstone', { body: 'x', replacement_room: trap });
    await until(() => expect(story.log.join()).toContain('by somebody who may not decide'));
    await bob.invite(trap, BOT);
    await until(async () => expect(await membersOf(bob, trap)).toContain(BOT));
    await bob.say(trap, '!loop status');
    await bob.hears(trap, 'This room is not bridged.');
    await ann.say(room, 'a 1');
    await arrives(story, 'town', 'a 1');
  });
});
