import { describe, expect, it } from 'vitest';
import type { CommandCall, NetworkAdapter, NetworkCommand } from '#adapter';
import { loopback } from '../../bridges/loopback/index.ts';
import { loopbackPerson } from '../../src/testing/loopback-network/index.ts';
import { arrives, BOT, bridgedRoom, ghost, textsIn, until } from './support/bridged-room.ts';
import { type Story, startStory } from './support/story.ts';

let story: Story;

/** The reference adapter with one command more. */
const withCommand = (
  run: NetworkCommand['run'],
  more: Partial<NetworkCommand> = {},
): NetworkAdapter => ({
  ...(loopback as NetworkAdapter),
  async open(host) {
    const network = await (loopback as NetworkAdapter).open(host);
    const command = { name: 'do', usage: 'IT', summary: 'does it', run, ...more };
    return { ...network, commands: [...(network.commands ?? []), command] };
  },
});

describe('a command of a network', () => {
  it('stands in the help, and is answered with what the network says', async () => {
    story = await startStory();
    const { ann, room } = await bridgedRoom(story);
    await ann.say(room, '!loop help');
    await ann.sees(room, ({ content }) =>
      String(content['body']).includes('!loop whois [NAME]: says who somebody is there'),
    );
    await ann.say(room, '!loop whois carol');
    await ann.hears(room, 'carol is called Carol, and is a person.');
    await ann.say(room, '!loop loop WHOIS nobody');
    await ann.hears(room, 'There is nobody called nobody.');
    await ann.say(room, '!loop whois');
    await ann.hears(room, 'ann is called ann, and is somebody of this bridge.');
  });

  it('is told who asks, where, and with what voice, and may let go of that', async () => {
    const calls: CommandCall[] = [];
    const adapter = withCommand(async (call) => {
      calls.push(call);
      await call.voice?.letGo();
      return 'Done.';
    });
    story = await startStory({ adapter });
    const { ann, room } = await bridgedRoom(story);
    await ann.say(room, 'hello');
    await arrives(story, 'town', 'hello');
    await ann.say(room, '!loop do  this\n and  that ');
    await ann.hears(room, 'Done.');
    expect(calls).toMatchObject([
      {
        words: 'this\n and  that',
        speaker: { userId: ann.userId, displayName: 'ann' },
        chat: 'town',
        voice: { kind: 'enlisted', isOpen: true },
      },
    ]);
    await ann.say(room, 'hello again');
    await arrives(story, 'town', 'hello again');
  });

  it('is refused to others than admins where it is for them, and not shown', async () => {
    const adapter = withCommand(async () => 'Done.', { adminsOnly: true });
    story = await startStory({
      adapter,
      bridge: { permissions: { '@adm:hs.test': 'admin', '*': 'use' } },
    });
    const { ann, room } = await bridgedRoom(story);
    await ann.say(room, '!loop do it');
    const refused = 'Only those who run the bridge may use this.';
    await ann.hears(room, refused);
    expect(story.log).toContainEqual(
      `info An operator's command {"by":"@ann:hs.test","what":"do","network":"loop","outcome":"failed","reason":"${refused}"}`,
    );
    await ann.say(room, '!loop help');
    const help = await ann.sees(room, ({ content }) =>
      String(content['body']).startsWith('Commands for Loop'),
    );
    expect(help.content['body']).not.toContain('!loop do');
    const adm = await story.person('adm');
    await ann.invite(room, adm.userId);
    await adm.join(room);
    await adm.say(room, '!loop do it');
    await ann.hears(room, 'Done.');
    expect(story.log).toContainEqual(
      `info An operator's command {"by":"@adm:hs.test","what":"do","network":"loop","outcome":"ok"}`,
    );
  });

  it('is broken off when the bridge stops, and not done again', async () => {
    let done = 0;
    let isBrokenOff = false;
    const adapter = withCommand((_, signal) => {
      done += 1;
      return new Promise((_, reject) => {
        signal.addEventListener('abort', () => {
          isBrokenOff = true;
          reject(signal.reason);
        });
      });
    });
    story = await startStory({ adapter });
    const { ann, room } = await bridgedRoom(story);
    await ann.say(room, '!loop do it');
    await until(() => expect(done).toBe(1));
    await story.restartBridge();
    expect(isBrokenOff).toBe(true);
    await ann.sees(room, ({ content }) =>
      String(content['body']).startsWith('Nobody knows whether this was done'),
    );
    expect(done).toBe(1);
  });

  it('is answered with what came of it when only the answer could not be said at first', async () => {
    let done = 0;
    const adapter = withCommand(async () => {
      done += 1;
      let failures = 3;
      story.between.interfere(({ path }) =>
        path.includes('/send/') && failures-- > 0
          ? { status: 502, errcode: 'M_UNKNOWN' }
          : undefined,
      );
      return 'Done.';
    });
    story = await startStory({ adapter });
    const { ann, room } = await bridgedRoom(story);
    await ann.say(room, '!loop do it');
    await ann.hears(room, 'Done.');
    expect(done).toBe(1);
  });

  it('can bring the asker into a private chat, and into the room of a chat', async () => {
    const adapter = withCommand(async ({ words, invite }) => {
      const found = await invite(words);
      return found ? `Done: ${JSON.stringify(found)}` : 'There is none.';
    });
    story = await startStory({ adapter });
    const { ann, room } = await bridgedRoom(story);
    const dave = await loopbackPerson(story.network.url, { id: 'dave' });
    await ann.say(room, '!loop do dave');
    const direct = await ann.invited();
    await ann.join(direct);
    await until(async () =>
      expect(Object.keys(await ann.members(direct))).toContain(ghost('dave')),
    );
    await ann.say(direct, 'psst');
    const told = await ann.hears(room, 'Done: {"user":"dave"}');
    expect(told.sender).toBe(BOT);
    await until(async () => expect(textsIn(story, await dave.direct('ann'))).toEqual(['psst']));
    await ann.say(room, '!loop do #inn');
    await ann.hears(room, 'Done: {"chat":"inn"}');
    const inn = await ann.invited();
    await ann.join(inn);
    await ann.say(inn, 'anybody?');
    await arrives(story, 'inn', 'anybody?');
    await ann.say(room, '!loop do nobody');
    await ann.hears(room, 'There is none.');
  });

  it('says why it failed in the words that the core has for it', async () => {
    story = await startStory();
    const { ann, room } = await bridgedRoom(story);
    story.network.misbehave({ is: 'refuse', on: 'GET /resolve' });
    await ann.say(room, '!loop whois carol');
    await ann.hears(
      room,
      'This could not be done: the network says “not_allowed”. Try again later, or ask whoever runs the bridge.',
    );
  });
});
