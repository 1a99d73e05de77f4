import { expect, it } from 'vitest';
import { until } from '../flow/support/bridged-room.ts';
import type { IrcServerOptions } from './servers/irc.ts';
import { ircRoom } from './support/irc-room.ts';
import { ircServers } from './support/irc-servers.ts';

const { inspircd } = await ircServers();

/** Bob is an operator of the server, and Ann has a nick there. */
async function scene(server: Omit<IrcServerOptions, 'root'> = {}, config: object = {}) {
  const opened = await ircRoom(await inspircd.serve(server), config);
  const { bob, ann, room } = opened;
  bob.raw('OPER oper operpw');
  await bob.until(({ command }) => command === '381', 'to be an operator');
  await ann.say(room, 'hello');
  await bob.hears('#a', 'ann[m]: hello');
  /** Bans the connections with a user name, of which one has this nick. */
  const ban = async (user: string, nick: string) => {
    const from = bob.lines.length;
    bob.raw(`KLINE ${user}@* 1h :not here`);
    await bob.until((line) => line.command === 'QUIT' && line.nick === nick, `${nick} go`, from);
  };
  const pardon = (user: string) => bob.raw(`KLINE ${user}@*`);
  const logged = (words: string) =>
    until(() => expect(opened.story.log.join('\n')).toContain(words));
  return { ...opened, ban, pardon, logged };
}

inspircd.describe('a network that bans (K-line)', () => {
  it('a voice: the bot says its words, once, and the operator is told', async () => {
    const { ann, bob, room, ban, logged } = await scene();
    await ban('ann', 'ann[m]');

    await ann.say(room, 'still here');

    await bob.hears('#a', 'drawbridge: <ann> still here');
    await logged('the network has banned it: ask its operators');
    await ann.say(room, 'and on');
    await bob.hears('#a', 'drawbridge: <ann> and on');
    expect(bob.heard('#a')).toEqual([
      'ann[m]: hello',
      'drawbridge: <ann> still here',
      'drawbridge: <ann> and on',
    ]);
  });

  it('the bot and a voice: what is said waits, and is said once it is pardoned', async () => {
    const { ann, bob, room, ban, pardon, logged } = await scene();
    await ban('ann', 'ann[m]');
    await ban('drawbridge', 'drawbridge');
    await logged('The connection of the bot has failed');

    for (const n of [1, 2, 3]) await ann.say(room, `waits ${n}`);
    await logged('A message waits');
    pardon('drawbridge');

    await bob.hears('#a', 'drawbridge: <ann> waits 3');
    expect(bob.heard('#a').slice(1)).toEqual([1, 2, 3].map((n) => `drawbridge: <ann> waits ${n}`));
    bob.say('#a', 'welcome back');
    await ann.hears(room, 'welcome back');
  });
});

inspircd.describe('a network that throttles', () => {
  it('lets in all voices of a start, one after the other, at the pace of the config', async () => {
    // Far below what the server takes: a machine that is busy lets some come closer together.
    const pace = { connectBurst: 1, connectIntervalMs: 1_000 };
    const { story, ann, bob, room } = await scene({ throttle: 6 }, pace);
    const names = ['ben', 'cyd', 'dan', 'eve', 'fay', 'gus', 'hal'];
    const nicks = names.map((name) => `${name}[m]`);
    for (const name of names) {
      const person = await story.person(name);
      await ann.invite(room, person.userId);
      await person.join(room);
    }
    const areThere = () =>
      until(async () => expect(await bob.names('#a')).toEqual(expect.arrayContaining(nicks)));
    await areThere();
    await story.stopBridge();
    await until(async () => expect(await bob.names('#a')).toEqual(['bob']));

    await story.restartBridge();
    await areThere();

    expect(story.log.filter((line) => /hrottl/.test(line))).toEqual([]);
  });
});
