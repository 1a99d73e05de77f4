import { isDeepStrictEqual } from 'node:util';
import { describe, expect, it } from 'vitest';
import { loopbackPerson } from '../../src/testing/loopback-network/index.ts';
import {
  arrives,
  BOT,
  bridgedRoom,
  ghost,
  link,
  roomWithBot,
  textsIn,
  until,
} from './support/bridged-room.ts';
import { type Story, startStory } from './support/story.ts';

let story: Story;

describe('what a sender is told', () => {
  it('is that a message is unknown, once, and it is not sent again', async () => {
    story = await startStory({ certainty: 'nothing' });
    const { ann, room } = await bridgedRoom(story);
    await ann.say(room, 'first');
    await arrives(story, 'town', 'first');

    story.network.misbehave({ is: 'drop', when: 'after', on: 'POST /chats/town/messages' });
    const lost = await ann.say(room, 'second');
    const notice = await ann.sees(room, ({ content }) =>
      String(content['body']).startsWith('It is unknown whether'),
    );
    expect(notice.content['m.relates_to']).toEqual({ 'm.in_reply_to': { event_id: lost } });
    await ann.say(room, 'third');
    await arrives(story, 'town', 'third');
    expect(textsIn(story, 'town')).toEqual(['first', 'second', 'third']);
  });

  it('is why a message failed', async () => {
    story = await startStory();
    const { ann, room } = await bridgedRoom(story);
    await ann.send(room, { msgtype: 'm.image', body: 'cat.png', url: 'mxc://hs.test/cat' });
    await ann.hears(room, 'Your message has not reached Loop, because it cannot be said there.');
  });

  it('is nothing about an edit of what failed: it is said as a correction', async () => {
    story = await startStory();
    const { ann, room } = await bridgedRoom(story);
    story.network.misbehave({ is: 'refuse', on: 'POST /chats/town/messages' });
    const failed = await ann.say(room, 'helo');
    await ann.hears(room, 'Your message has not reached Loop, because it was not allowed there.');
    await ann.edit(room, failed, 'hello');
    await arrives(story, 'town', '* hello');
  });

  it('is that a message failed, when it was certainly not sent: its voice could not be had', async () => {
    story = await startStory({ bridge: { maxAgeMs: 1 } });
    const { ann, room } = await bridgedRoom(story);
    story.network.misbehave({ is: 'error', when: 'before', on: 'PUT /clients', times: 1_000 });
    await ann.say(room, 'never left');
    await ann.hears(
      room,
      'Your message has not reached Loop, because the network could not be reached.',
    );
  });

  it('is told again, by an edit, when an operator sends it after all', async () => {
    story = await startStory({ bridge: { maxAgeMs: 1 } });
    const { ann, room } = await bridgedRoom(story);
    story.network.misbehave({ is: 'rate-limit', retryAfterMs: 1, times: 1_000 });
    await ann.say(room, 'later');
    const notice = await ann.hears(
      room,
      'Your message has not reached Loop, because too much was said at once.',
    );
    // It is tried as if it had just come: one more failure does not end it at once.
    story.network.behave();
    await story.repair(async (repairs) => {
      const [letter] = await repairs.deadLetters(10);
      expect(letter?.outcome).toBe('failed');
      expect(await repairs.retry(letter?.id ?? '')).toBe(true);
    });
    await arrives(story, 'town', 'later');
    const edit = await ann.hears(room, '* This has reached Loop after all.');
    expect(edit.content['m.relates_to']).toEqual({
      rel_type: 'm.replace',
      event_id: notice.event_id,
    });
  });

  it('is said in status events, when they are switched on', async () => {
    story = await startStory({ bridge: { statusEvents: true } });
    const { ann, room } = await bridgedRoom(story);
    const said = await ann.say(room, 'hello');
    const status = await ann.sees(room, ({ type, content }) => {
      const of = content['m.relates_to'] as { event_id?: string } | undefined;
      return type === 'com.beeper.message_send_status' && of?.event_id === said;
    });
    expect(status.content).toMatchObject({ status: 'SUCCESS', network: 'loop' });
  });
});

describe('an encrypted room', () => {
  it('is refused with a notice, and nothing enters it', async () => {
    story = await startStory();
    const { ann, carol, room } = await bridgedRoom(story);
    await ann.state(room, 'm.room.encryption', { algorithm: 'm.megolm.v1.aes-sha2' });
    await ann.sees(room, ({ content }) =>
      String(content['body']).startsWith('This room is encrypted'),
    );

    await ann.say(room, 'in clear, where it should not be');
    await carol.say('town', 'secret');
    const other = await roomWithBot(ann);
    await link(ann, other, 'town');
    await carol.say('town', 'open');
    await ann.hears(other, 'open');
    await ann.say(other, 'open as well');
    await arrives(story, 'town', 'open as well');
    expect(textsIn(story, 'town')).not.toContain('in clear, where it should not be');
    expect(await ann.texts(room)).not.toContain('bridge_loop_carol: secret');
  });
});

describe('a room with two portals', () => {
  it('carries what one chat says on to the other, and never back', async () => {
    story = await startStory();
    const { ann, carol, room } = await bridgedRoom(story);
    const dave = await loopbackPerson(story.network.url, { id: 'dave', displayName: 'Dave' });
    await dave.join('harbour');
    await link(ann, room, 'harbour');

    const ahoy = await carol.say('town', 'ahoy');
    await arrives(story, 'harbour', 'ahoy');
    await dave.say('harbour', 'aye');
    await arrives(story, 'town', 'aye');
    await ann.say(room, 'both');
    await arrives(story, 'town', 'both');
    await arrives(story, 'harbour', 'both');

    expect(textsIn(story, 'town')).toEqual(['ahoy', 'aye', 'both']);
    expect(textsIn(story, 'harbour')).toEqual(['ahoy', 'aye', 'both']);
    await carol.remove('town', ahoy);
    await until(() =>
      expect(story.network.log()).toContainEqual(
        expect.objectContaining({ type: 'removal', chat: 'harbour' }),
      ),
    );
    expect((await ann.texts(room)).filter((text) => text.endsWith('aye'))).toHaveLength(1);
  });
});

describe('a marker', () => {
  it('that a person copied is bridged, and hides nothing', async () => {
    story = await startStory();
    const { ann, carol, room } = await bridgedRoom(story);
    await carol.say('town', 'one');
    const seen = await ann.hears(room, 'one');
    const mark = { 'dev.drawbridge.mark': seen.content['dev.drawbridge.mark'] };
    await ann.say(room, 'copied', mark);
    await arrives(story, 'town', 'copied');
    await story.restartBridge();
    await carol.say('town', 'two');
    await ann.hears(room, 'two');
    expect(
      (await ann.texts(room)).filter((text) => text === 'bridge_loop_carol: one'),
    ).toHaveLength(1);
  });
});

describe('a private chat', () => {
  it('is begun by inviting a ghost', async () => {
    story = await startStory();
    const { ann, carol, room } = await bridgedRoom(story);
    await until(async () => expect(Object.keys(await ann.members(room))).toContain(ghost('carol')));
    const direct = await ann.createRoom({ is_direct: true, invite: [ghost('carol')] });
    await until(async () =>
      expect(Object.keys(await ann.members(direct))).toContain(ghost('carol')),
    );
    await ann.say(direct, 'psst');
    const chat = await until(() => {
      const [said] = story.network.messages().filter(({ text }) => text === 'psst');
      if (!said) throw new Error('not there yet');
      return said.chat;
    });
    await carol.say(chat, 'yes?');
    const answer = await ann.hears(direct, 'yes?');
    expect(answer.sender).toBe(ghost('carol'));
  });

  it('is begun over there, and gets a room to which its person is invited', async () => {
    story = await startStory();
    const { ann, carol, room } = await bridgedRoom(story);
    await ann.say(room, 'hello');
    await arrives(story, 'town', 'hello');
    const [said] = story.network.messages('town');
    const chat = await carol.direct(said?.sender ?? '');
    await carol.say(chat, 'psst');
    const direct = await ann.invited();
    await ann.join(direct);
    expect((await ann.hears(direct, 'psst')).sender).toBe(ghost('carol'));
    await ann.say(direct, 'yes?');
    await arrives(story, chat, 'yes?');
    expect(await ann.texts(room)).not.toContain('bridge_loop_carol: psst');
  });
});

describe('an alias', () => {
  it('of a chat makes its room for whoever joins it', async () => {
    story = await startStory();
    const ann = await story.person('ann');
    const carol = await loopbackPerson(story.network.url, { id: 'carol' });
    await carol.join('town');
    const room = await ann.join('#bridge_loop_#town:hs.test');
    await carol.say('town', 'welcome');
    await ann.hears(room, 'welcome');
    await ann.say(room, 'thanks');
    await arrives(story, 'town', 'thanks');
  });

  it('of a chat loses nothing of what is said in its room before that is linked', async () => {
    story = await startStory();
    const { ann, room } = await bridgedRoom(story);
    const alias = '#bridge_loop_#tower:hs.test';
    let isFirst = true;
    story.between.interfere(async ({ path }) => {
      if (!isFirst || !/rooms\/[^/]+\/messages/.test(path)) return undefined;
      isFirst = false;
      await ann.say(await ann.join(alias), 'said early');
      await ann.say(room, 'heard after that');
      await arrives(story, 'town', 'heard after that');
      return undefined;
    });
    const bob = await story.person('bob');
    await bob.join(alias);
    await arrives(story, 'tower', 'said early');
  });

  it('of a chat that the config leaves out makes none', async () => {
    story = await startStory({ network: { roomsFor: ['to*'], noRoomsFor: ['tower'] } });
    const ann = await story.person('ann');
    const carol = await loopbackPerson(story.network.url, { id: 'carol' });
    for (const chat of ['town', 'tower', 'village']) await carol.join(chat);
    await ann.join('#bridge_loop_#town:hs.test');
    for (const chat of ['tower', 'village'])
      await expect(ann.join(`#bridge_loop_#${chat}:hs.test`)).rejects.toThrow('404');
  });
});

describe('a network', () => {
  it('is named in the room, with its picture', async () => {
    const icon = 'mxc://hs.test/icon';
    story = await startStory({ network: { icon } });
    const { ann } = await bridgedRoom(story);
    const room = await roomWithBot(ann);
    const users = { [BOT]: 50 };
    await ann.state(room, 'm.room.power_levels', { users });
    await link(ann, room, 'town');
    await ann.sees(room, ({ type, content }) => {
      const network = { id: 'loop', displayname: 'Loop', avatar_url: icon };
      return type === 'm.bridge' && isDeepStrictEqual(content['network'], network);
    });
  });
});

describe('the config', () => {
  it('links rooms, once the bot may enter them', async () => {
    story = await startStory({
      network: { portals: [{ chat: '#town', room: '#bridge_loop_#town:hs.test' }] },
    });
    const ann = await story.person('ann');
    // While the bridge makes it, the alias is not there for others.
    const room = await until(() => ann.join('#bridge_loop_#town:hs.test'));
    await ann.say(room, 'hello');
    await arrives(story, 'town', 'hello');
  });
});

describe('the relay', () => {
  it('speaks for those who have no voice of their own', async () => {
    story = await startStory({ network: { voices: ['relay'] } });
    const { ann, room } = await bridgedRoom(story);
    await ann.say(room, 'hello');
    const said = await until(() => {
      const [first] = story.network.messages('town');
      if (!first) throw new Error('nothing was said');
      return first;
    });
    expect(said).toMatchObject({ text: 'hello', sender: 'bridge', guise: { name: 'ann' } });
  });
});
