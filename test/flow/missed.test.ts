import { describe, expect, it } from 'vitest';
import { loopbackPerson } from '../../src/testing/loopback-network/index.ts';
import {
  arrives,
  BOT,
  bridgedRoom,
  link,
  roomWithBot,
  textsIn,
  until,
} from './support/bridged-room.ts';
import type { MatrixPerson } from './support/matrix-person.ts';
import { type Story, startStory } from './support/story.ts';

let story: Story;

/** What is done meanwhile, by whomever, the homeserver loses on its way to the bridge. */
async function losing(work: () => Promise<unknown>): Promise<void> {
  story.homeserver.misbehave({ is: 'lose-event', times: 'always' });
  await work();
  story.homeserver.behave();
}

const loses = (ann: MatrixPerson, room: string, ...texts: string[]) =>
  losing(async () => {
    for (const text of texts) await ann.say(room, text);
  });

const isSaid = (text: string) =>
  expect.stringMatching(new RegExp(`^\\[\\d\\d:\\d\\d UTC\\] ${text}$`));

describe('what the homeserver lost on its way to the bridge', () => {
  it('is bridged in its place when the bridge starts', async () => {
    story = await startStory();
    const { ann, room } = await bridgedRoom(story);
    await ann.say(room, 'm 0');
    await arrives(story, 'town', 'm 0');
    await story.stopBridge();
    await loses(ann, room, 'm 1', 'm 2');
    await ann.say(room, 'm 3');
    await loses(ann, room, 'm 4');
    await ann.say(room, 'm 5');
    await loses(ann, room, 'm 6');
    await story.restartBridge();
    await arrives(story, 'town', 'm 6');
    expect(textsIn(story, 'town')).toEqual(['m 0', 'm 1', 'm 2', 'm 3', 'm 4', 'm 5', 'm 6']);
    await story.restartBridge();
    await ann.say(room, 'm 7');
    await arrives(story, 'town', 'm 7');
    expect(textsIn(story, 'town')).toHaveLength(8);
  });

  it('stays in order when people go on talking while it is looked for', async () => {
    story = await startStory();
    const { ann, room } = await bridgedRoom(story);
    const texts = Array.from({ length: 160 }, (_, n) => `m ${n}`);
    await story.stopBridge();
    // More than a page of it, with some that is pushed in between.
    for (const [n, text] of texts.slice(0, 140).entries())
      await (n % 50 === 49 ? ann.say(room, text) : loses(ann, room, text));
    const talk = async () => {
      for (const text of texts.slice(140)) await ann.say(room, text);
    };
    await Promise.all([story.restartBridge(), talk()]);
    await until(() => expect(textsIn(story, 'town')).toEqual(texts));
  });

  it('is bridged with its time where newer ones were bridged before it', async () => {
    story = await startStory();
    const { ann, carol, room } = await bridgedRoom(story);
    await loses(ann, room, 'lost');
    await ann.say(room, 'heard');
    await arrives(story, 'town', 'heard');
    await carol.say('town', 'what?');
    await ann.hears(room, 'what?');
    await story.restartBridge();
    await until(() => expect(textsIn(story, 'town')).toHaveLength(3));
    expect(textsIn(story, 'town')).toEqual(['heard', 'what?', isSaid('lost')]);
  });

  it('is not what was said before the link, of which nothing was ever pushed', async () => {
    const portals = [{ chat: '#town', room: '#old:hs.test' }];
    story = await startStory({ network: { portals } });
    const ann = await story.person('ann');
    const room = await ann.createRoom({
      preset: 'public_chat',
      room_alias_name: 'old',
      power_level_content_override: { users: { [BOT]: 100 } },
    });
    await ann.say(room, 'old');
    await losing(async () => {
      await story.restartBridge();
      await ann.sees(room, ({ type }) => type === 'm.bridge', 'that the room is bridged');
    });
    await story.restartBridge();
    await ann.say(room, 'new');
    await arrives(story, 'town', 'new');
    expect(textsIn(story, 'town')).toEqual(['new']);
  });

  it('goes through every portal of the room that was linked then, and through no later one', async () => {
    story = await startStory();
    const { ann, room } = await bridgedRoom(story);
    const dave = await loopbackPerson(story.network.url, { id: 'dave' });
    for (const chat of ['village', 'hamlet']) await dave.join(chat);
    await link(ann, room, 'village');
    await loses(ann, room, 'lost');
    await link(ann, room, 'hamlet');
    await ann.say(room, 'heard');
    for (const chat of ['town', 'village', 'hamlet']) await arrives(story, chat, 'heard');
    await story.restartBridge();
    for (const chat of ['town', 'village'])
      await until(() => expect(textsIn(story, chat)).toContainEqual(isSaid('lost')));
    await ann.say(room, 'last');
    await arrives(story, 'hamlet', 'last');
    expect(textsIn(story, 'hamlet')).toEqual(['heard', 'last']);
    expect(textsIn(story, 'town')).toEqual(['heard', isSaid('lost'), 'last']);
  });

  it('is bridged in order when the homeserver is back, without a start of the bridge', async () => {
    story = await startStory();
    const { ann, room } = await bridgedRoom(story);
    const quiet = await roomWithBot(ann);
    await link(ann, quiet, 'village');
    await loses(ann, room, 'm 1', 'm 2');
    await loses(ann, quiet, 'nothing follows');
    const noticed = () =>
      expect(story.log.some((line) => line.includes('A request is tried again'))).toBe(true);
    await story.homeserver.stop();
    await until(noticed);
    await story.homeserver.start();
    await ann.say(room, 'm 3');
    await arrives(story, 'town', 'm 3');
    expect(textsIn(story, 'town')).toEqual(['m 1', 'm 2', 'm 3']);
    await arrives(story, 'village', 'nothing follows');
  });

  it('is bridged in order when the homeserver was away so shortly that no request met it', async () => {
    story = await startStory();
    const { ann, room } = await bridgedRoom(story);
    await ann.say(room, 'm 0');
    await arrives(story, 'town', 'm 0');
    await loses(ann, room, 'm 1', 'm 2');
    story.between.hangUp();
    await ann.say(room, 'm 3');
    await arrives(story, 'town', 'm 3');
    expect(textsIn(story, 'town')).toEqual(['m 0', 'm 1', 'm 2', 'm 3']);
  });

  it('is bridged in order when the homeserver passes a transaction over', async () => {
    story = await startStory();
    const { ann, room } = await bridgedRoom(story);
    await ann.say(room, 'm 0');
    await arrives(story, 'town', 'm 0');
    const aside = story.homeserver.misbehave({ is: 'lay-aside' });
    await ann.say(room, 'm 1');
    await until(() => expect(aside.count).toBe(1));
    await ann.say(room, 'm 2');
    await arrives(story, 'town', 'm 2');
    expect(textsIn(story, 'town')).toEqual(['m 0', 'm 1', 'm 2']);
  });

  it('is whatever was done: an edit, a reaction, a redaction', async () => {
    story = await startStory();
    const { ann, carol, room } = await bridgedRoom(story);
    const first = await ann.say(room, 'frist');
    const second = await ann.say(room, 'second');
    await arrives(story, 'town', 'second');
    await story.stopBridge();
    await losing(async () => {
      await ann.edit(room, first, 'first');
      await ann.react(room, first, '👍');
      await ann.redact(room, second);
      await ann.redact(room, await ann.say(room, 'never heard'));
    });
    await story.restartBridge();
    await until(async () => {
      const { events } = await carol.events(0);
      const kinds = events.map(({ type }) => type);
      expect(kinds).toEqual(expect.arrayContaining(['edit', 'reaction', 'removal']));
    });
    expect(textsIn(story, 'town')).toEqual(['frist', 'second']);
  });

  it('is not carried out if it is a command, and its sender is told', async () => {
    story = await startStory();
    const { ann, room } = await bridgedRoom(story);
    await loses(ann, room, '!loop unbridge #town');
    await ann.say(room, 'heard');
    await arrives(story, 'town', 'heard');
    await story.restartBridge();
    await ann.hears(
      room,
      'This has come late, and was not carried out. Say it again if it still holds.',
    );
    await ann.say(room, 'still bridged');
    await arrives(story, 'town', 'still bridged');
    expect(textsIn(story, 'town')).toEqual(['heard', 'still bridged']);
  });
});

describe('a message of one of ours that the homeserver lost', () => {
  it('is carried on to the other portals of the room', async () => {
    story = await startStory();
    const { ann, carol, room } = await bridgedRoom(story);
    const dave = await loopbackPerson(story.network.url, { id: 'dave' });
    await dave.join('village');
    await link(ann, room, 'village');
    await losing(async () => {
      await carol.say('town', 'from town');
      await ann.hears(room, 'from town');
    });
    await story.restartBridge();
    await until(() => expect(textsIn(story, 'village')).toEqual(['from town']));
    expect(textsIn(story, 'town')).toEqual(['from town']);
  });
});
