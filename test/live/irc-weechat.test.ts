import { expect, it } from 'vitest';
import { BOT, until } from '../flow/support/bridged-room.ts';
import { provide } from './servers/provision.ts';
import { describeIfComplete } from './servers/require-part.ts';
import { ircRoom } from './support/irc-room.ts';
import { ircServers } from './support/irc-servers.ts';
import { WeeChat } from './support/weechat.ts';

const part = await provide('weechat');
const { both } = await ircServers();

const LONG = Array.from({ length: 150 }, (_, n) => `word${n}`).join(' ');

/** Without what differs from run to run: addresses, and how a client counts who is there. */
const told = (lines: readonly string[]) =>
  lines
    .filter((line) => !/^--: (Channel |Mode )/.test(line))
    .map((line) => line.replace(/ \(.*\)(?= has (joined|left))/, ''));

/** Ann and Bert on Matrix, Bob and, in WeeChat, Wee in the channel. */
async function scene(root: string, serve: (typeof both)[number]['serve']) {
  const opened = await ircRoom(await serve());
  const { ann, bob, room, server } = opened;
  await ann.state(room, 'm.room.power_levels', { users: { [BOT]: 100 } });
  const at = { port: server.port, nick: 'wee', channel: '#a' };
  const wee = await WeeChat.enter(root, at);
  bob.raw('MODE #a -t');
  // Answered once it is done, also where there was nothing to change.
  await bob.names('#a');
  return { ...opened, wee };
}

for (const { name, describe: onServer, serve } of both)
  onServer(`a client that people use, on ${name}`, () => {
    const missing = 'missing' in part ? [`weechat is missing: ${part.missing}`] : [];
    describeIfComplete('WeeChat', missing, () => {
      const root = () => ('root' in part ? part.root : '');
      const isTagged = name === 'inspircd';

      it('shows what Matrix people say, in their order, once, under their names', async () => {
        const { ann, room, wee } = await scene(root(), serve);
        await wee.type('what is new?');
        const asked = await ann.hears(room, 'what is new?');
        const answer = { 'm.relates_to': { 'm.in_reply_to': { event_id: asked.event_id } } };
        const looks = '<b>bold</b> <i>slanted</i> <span data-mx-color="#ff0000">red</span>';

        await ann.say(room, 'hello wee');
        await ann.send(room, { msgtype: 'm.emote', body: 'smiles' });
        await ann.say(room, 'x', { format: 'org.matrix.custom.html', formatted_body: looks });
        await ann.say(room, 'nothing', answer);
        const wrong = await ann.say(room, 'I am quite hapy to be here with all of you today');
        await ann.edit(room, wrong, 'I am quite happy to be here with all of you today');
        await ann.react(room, asked.event_id, '👍');
        await ann.say(room, 'one\ntwo');
        await ann.say(room, LONG);
        await ann.say(room, 'that is all');
        await wee.sees('ann[m]: that is all');

        const lines = told(await wee.shown());
        const cut = lines.filter((line) => line.startsWith('ann[m]: word'));
        expect(
          cut
            .map((line) => line.replace('ann[m]: ', ''))
            .join(' ')
            .replace(/ +/g, ' '),
        ).toBe(LONG);
        expect(cut.length).toBeGreaterThan(1);
        expect(lines.filter((line) => !cut.includes(line))).toEqual([
          '-->: wee has joined #a',
          'wee: what is new?',
          '-->: ann[m] has joined #a',
          'ann[m]: hello wee',
          '*: ann[m] smiles',
          'ann[m]: bold slanted red',
          isTagged ? 'ann[m]: nothing' : 'ann[m]: wee: "what is new?" <- nothing',
          'ann[m]: I am quite hapy to be here with all of you today',
          isTagged
            ? 'ann[m]: s/hapy/happy/'
            : 'ann[m]: * I am quite happy to be here with all of you today',
          ...(isTagged ? [] : ['*: ann[m] reacted with 👍 to "what is new?"']),
          'ann[m]: one',
          'ann[m]: two',
          'ann[m]: that is all',
        ]);
      });

      it('shows who comes and goes, is called otherwise and is put out, and new topics', async () => {
        const { story, ann, bob, room, wee } = await scene(root(), serve);
        const bert = await story.person('bert');
        await ann.invite(room, bert.userId);
        await bert.join(room);
        await wee.sees(/^-->: bert.* has joined #a$/);
        await ann.state(room, 'm.room.topic', { topic: 'by ann' });
        await wee.sees(/has changed topic/);
        await bert.leave(room);
        await wee.sees(/^<--: bert.* has left #a$/);
        await ann.say(room, '!loop nick annie');
        await wee.sees('--: ann[m] is now known as annie');
        bob.kick('#a', 'annie', 'enough');
        await wee.sees('<--: bob has kicked annie (enough)');

        expect(told(await wee.shown())).toEqual([
          '-->: wee has joined #a',
          '-->: bert[m] has joined #a',
          '-->: ann[m] has joined #a',
          '--: ann[m] has changed topic for #a to "by ann"',
          '<--: bert[m] has left #a',
          '--: ann[m] is now known as annie',
          '<--: bob has kicked annie (enough)',
        ]);
      });

      it('is heard in Matrix, in its order, once, with its looks', async () => {
        const { ann, room, wee } = await scene(root(), serve);
        await wee.type('first');
        await wee.type('/me waves');
        await wee.type('\x02bold\x02 and \x0304red');
        await wee.type('/topic by wee');
        await wee.type('/nick weezer');
        await wee.type('last');
        await ann.hears(room, 'last');
        const isTopic = ({ type }: { type: string }) => type === 'm.room.topic';
        await ann.sees(room, isTopic, 'the topic');

        const ofIrc = (await ann.timeline(room)).filter(
          ({ sender, type }) => sender.includes('_loop_wee') && type === 'm.room.message',
        );
        expect(
          ofIrc.map(({ sender, content }) => [sender, content['msgtype'], content['body']]),
        ).toEqual([
          ['@bridge_loop_wee:hs.test', 'm.text', 'first'],
          ['@bridge_loop_wee:hs.test', 'm.emote', 'waves'],
          ['@bridge_loop_wee:hs.test', 'm.text', 'bold and red'],
          ['@bridge_loop_weezer:hs.test', 'm.text', 'last'],
        ]);
        expect(ofIrc[2]?.content['formatted_body']).toMatch(/<strong>bold<\/strong> and .*red/);
        const topics = (await ann.timeline(room)).filter(isTopic);
        expect(topics.map(({ content }) => content['topic'])).toEqual(['by wee']);
        await until(async () =>
          expect(Object.keys(await ann.members(room))).not.toContain('@bridge_loop_wee:hs.test'),
        );
      });
    });
  });
