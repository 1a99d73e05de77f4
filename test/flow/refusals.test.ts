import { describe, expect, it } from 'vitest';
import { BridgeError, type NetworkAdapter } from '#adapter';
import { loopback } from '../../bridges/loopback/index.ts';
import { loopbackPerson } from '../../src/testing/loopback-network/index.ts';
import type { Fault } from './support/between.ts';
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

const FORBIDDEN = { status: 403, errcode: 'M_FORBIDDEN' };

let story: Story;

async function deadLetters() {
  let reasons: readonly (string | undefined)[] = [];
  await story.repair(async (repairs) => {
    reasons = (await repairs.deadLetters(100)).map(({ reason }) => reason);
  });
  return reasons;
}

const errors = () => story.log.filter((line) => line.startsWith('error'));

describe('a ghost that is banned', () => {
  it('says nothing, others go on, and it speaks again when the ban is lifted', async () => {
    story = await startStory();
    const { ann, carol, room } = await bridgedRoom(story);
    const dave = await loopbackPerson(story.network.url, { id: 'dave' });
    await dave.join('town');
    await carol.say('town', 'before');
    await ann.hears(room, 'before');

    // A network where the bridge may ban nobody.
    story.network.misbehave({ is: 'refuse', on: 'POST /chats/town/members/carol' });
    await ann.ban(room, ghost('carol'));
    await ann.hears(room, 'Your message has not reached Loop, because it was not allowed there.');
    for (const n of [1, 2, 3]) await carol.say('town', `banned ${n}`);
    await dave.say('town', 'others go on');
    await ann.hears(room, 'others go on');
    expect((await ann.texts(room)).filter((text) => text.includes('banned'))).toEqual([]);
    const refused = expect.stringMatching(/403 .*banned/);
    expect(await deadLetters()).toEqual([
      expect.stringContaining('not_allowed'),
      refused,
      refused,
      refused,
    ]);
    expect(errors()).toEqual([expect.stringMatching(/dead letter.*403 .*banned/)]);

    await ann.unban(room, ghost('carol'));
    await carol.say('town', 'after');
    await ann.hears(room, 'after');
  });
});

describe('the bot, when it is put out of a room', () => {
  it.each([
    ['kicked', false],
    ['banned', true],
  ])(
    '%s: it is missed by nobody who has a ghost there, and goes on when it is let in again',
    async (_, isBan) => {
      story = await startStory();
      const { ann, carol, room } = await bridgedRoom(story);
      await carol.say('town', 'before');
      await ann.hears(room, 'before');
      await (isBan ? ann.ban(room, BOT) : ann.kick(room, BOT));
      await until(() =>
        expect(story.log.join()).toContain('The bridge bot was removed from a room'),
      );

      await ann.say(room, 'from here');
      await arrives(story, 'town', 'from here');
      await carol.say('town', 'from there');
      await ann.hears(room, 'from there');
      // Nobody can let a new ghost into a private room, nor tell a sender what became of a message.
      const dave = await loopbackPerson(story.network.url, { id: 'dave' });
      await dave.join('town');
      await dave.say('town', 'from outside');
      await carol.say('town', 'nobody waits for dave');
      await ann.hears(room, 'nobody waits for dave');
      await ann.send(room, { msgtype: 'm.image', body: 'cat.png', url: 'mxc://hs.test/cat' });
      await until(() => expect(errors().join()).toContain('A sender could not be told'));

      if (isBan) await ann.unban(room, BOT);
      await ann.invite(room, BOT);
      await dave.say('town', 'let in');
      await ann.hears(room, 'let in');
      await story.repair(async (repairs) => {
        for (const { id, reason } of await repairs.deadLetters(10))
          if (reason?.includes('M_FORBIDDEN')) expect(await repairs.retry(id)).toBe(true);
      });
      await ann.hears(room, 'from outside');
    },
  );
});

describe('the bot, when it may say nothing any more', () => {
  it('is not heard, which is in the log, and everybody else is', async () => {
    story = await startStory();
    const { ann, carol, room } = await bridgedRoom(story);
    await carol.say('town', 'before');
    await ann.hears(room, 'before');
    await ann.state(room, 'm.room.power_levels', { users: { [BOT]: -1 } });

    await ann.send(room, { msgtype: 'm.image', body: 'cat.png', url: 'mxc://hs.test/cat' });
    await until(() => expect(errors().join()).toContain('A sender could not be told'));
    await ann.say(room, '!loop status');
    await ann.say(room, 'from here');
    await arrives(story, 'town', 'from here');
    await carol.say('town', 'from there');
    await ann.hears(room, 'from there');
    expect(await deadLetters()).toEqual([expect.stringContaining('unsupported')]);
  });
});

describe('a room that refuses everything', () => {
  it('costs its own messages, which are kept, and no others', async () => {
    story = await startStory();
    const { ann, carol, room } = await bridgedRoom(story);
    const other = await roomWithBot(ann);
    await link(ann, other, 'town');
    await carol.say('town', 'before');
    await ann.hears(room, 'before');
    await ann.hears(other, 'before');

    // First it does not answer at all, so that it would have to be looked at before it is written to.
    const about = (path: string, fault: Fault) => (path.includes(room) ? fault : undefined);
    story.between.interfere(({ path }) => about(path, 'cut'));
    await carol.say('town', 'r 1');
    await until(() => expect(story.log.join()).toContain('A room waits for the homeserver'));
    story.between.interfere(({ path }) => about(path, FORBIDDEN));
    for (const n of [2, 3]) await carol.say('town', `r ${n}`);
    await ann.hears(other, 'r 3');
    await ann.say(room, '!loop status');
    await ann.say(room, 'what is said there is heard here');
    await arrives(story, 'town', 'what is said there is heard here');
    await until(async () => expect(await story.queueLength()).toBe(0));
    expect(await deadLetters()).toHaveLength(3);

    story.between.mend();
    await carol.say('town', 'after');
    await ann.hears(room, 'after');
    expect(textsIn(story, 'town').filter((text) => text === 'after')).toHaveLength(1);
  });

  it('gets no words when it is encrypted, though the bot could not say so there', async () => {
    story = await startStory();
    const { ann, carol, room } = await bridgedRoom(story);
    await carol.say('town', 'in clear');
    await ann.hears(room, 'in clear');
    story.between.interfere(({ method, path }) =>
      method === 'PUT' && path.includes(BOT) ? FORBIDDEN : undefined,
    );
    await ann.state(room, 'm.room.encryption', { algorithm: 'm.megolm.v1.aes-sha2' });
    await until(() => expect(story.homeserver.backlog('story')).toBe(0));
    await carol.say('town', 'secret');
    await until(async () => expect(await deadLetters()).toEqual(['The room is encrypted']));
    expect((await ann.texts(room)).join()).not.toContain('secret');
  });
});

describe('a chat that does not let the bridge in', () => {
  it.each([
    [{ words: 'the channel is full' }, ': the channel is full'],
    [{}, ' (not_allowed)'],
  ])('is told of in its room, in words where there are any: %j', async (about, why) => {
    const adapter = {
      ...loopback,
      open: async (host) => ({
        ...(await loopback.open(host as never)),
        watch: async () => {
          throw new BridgeError('not_allowed', '471 internal', { effect: 'none', ...about });
        },
      }),
    } as NetworkAdapter;
    story = await startStory({ adapter });
    const { ann, room } = await bridgedRoom(story);
    await ann.hears(
      room,
      `Loop does not let the bridge into town${why}. Nothing said there comes here.`,
    );
  });
});
