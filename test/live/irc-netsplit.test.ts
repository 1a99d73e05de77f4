import { expect, it } from 'vitest';
import { ghost, until } from '../flow/support/bridged-room.ts';
import { peerLinks } from './servers/irc.ts';
import { enter } from './support/irc-bench.ts';
import { ircRoom } from './support/irc-room.ts';
import { ircServers } from './support/irc-servers.ts';

const { inspircd } = await ircServers();

/** Two servers that are one network: the bridge and Bob on one, Cyd on the other. */
async function network() {
  const [here, there] = await peerLinks();
  const near = await inspircd.serve({ peer: here });
  const far = await inspircd.serve({ peer: there });
  const scene = await ircRoom(near);
  const { bob } = scene;
  bob.raw('OPER oper operpw');
  await bob.until(({ command }) => command === '381', 'to be an operator');
  const cyd = await enter(far, 'cyd');
  const sees = (command: string, from: number) =>
    bob.until((line) => line.command === command && line.nick === 'cyd', `${command} of cyd`, from);
  const link = async () => {
    const from = bob.lines.length;
    bob.raw(`CONNECT ${there.name}`);
    await sees('JOIN', from);
  };
  const split = async () => {
    const from = bob.lines.length;
    bob.raw(`SQUIT ${there.name} :testing`);
    await sees('QUIT', from);
  };
  return { ...scene, cyd, link, split };
}

inspircd.describe('two servers that lose each other', () => {
  it('lose and double nothing that the near one heard, and empty no room', async () => {
    const { ann, bob, cyd, room, link, split } = await network();
    await link();
    await until(async () => expect(await ann.members(room)).toHaveProperty(ghost('cyd')));
    let rounds = 0;
    const talk = async (how: number) => {
      for (let n = 0; n < how; n++) {
        rounds++;
        await ann.say(room, `ann ${rounds}`);
        bob.say('#a', `bob ${rounds}`);
        cyd.say('#a', `cyd ${rounds}`);
      }
    };
    await talk(10);
    await Promise.all([talk(10), split()]);
    await talk(10);
    await Promise.all([talk(10), link()]);
    await talk(10);
    await bob.hears('#a', `cyd: cyd ${rounds}`);
    await bob.hears('#a', `ann[m]: ann ${rounds}`);
    await ann.hears(room, `bob ${rounds}`);
    await ann.hears(room, `cyd ${rounds}`);

    const heard = bob.heard('#a');
    const inRoom = (await ann.texts(room)).map((line) => line.replace(/^[^:]*: /, ''));
    const of = (name: string, lines: readonly string[]) =>
      lines.map((line) => line.replace(/^\S+: /, '')).filter((line) => line.startsWith(`${name} `));
    const all = (name: string) => Array.from({ length: rounds }, (_, n) => `${name} ${n + 1}`);
    expect(of('ann', heard)).toEqual(all('ann'));
    expect(of('bob', inRoom)).toEqual(all('bob'));
    expect(of('cyd', inRoom)).toEqual(of('cyd', heard));
    expect(of('cyd', heard).length).toBeLessThan(rounds);
    const comings = (await ann.timeline(room)).filter(
      ({ type, state_key, content }) =>
        type === 'm.room.member' &&
        state_key === ghost('cyd') &&
        content['membership'] !== 'invite',
    );
    expect(comings.map(({ content }) => content['membership'])).toEqual(['join']);
    expect(await ann.members(room)).toHaveProperty(ghost('cyd'));
  });
});
