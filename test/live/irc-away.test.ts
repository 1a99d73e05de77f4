import { expect, it, vi } from 'vitest';
import { ghost } from '../flow/support/bridged-room.ts';
import { startInspircd } from './servers/irc.ts';
import { requirePart } from './servers/require-part.ts';
import { patient, serve } from './support/irc-bench.ts';
import { ircRoom } from './support/irc-room.ts';

const inspircd = await requirePart('inspircd');

inspircd.describe('who is away', () => {
  it('is so on the other side', async () => {
    const server = await serve(startInspircd, { root: inspircd.root });
    const options = { awayFromMatrix: true, awayToMatrix: true };
    const { bob, ann, room } = await ircRoom(server, options);
    await ann.say(room, 'hello');
    await bob.hears('#a', 'ann[m]: hello');
    bob.say('#a', 'hi');
    await ann.hears(room, 'hi');
    const presence = (who: string) =>
      ann.ask<object>('GET', `/presence/${encodeURIComponent(who)}/status`);
    bob.raw('AWAY :at lunch');
    await vi.waitFor(
      async () =>
        expect(await presence(ghost('bob'))).toMatchObject({
          presence: 'unavailable',
          status_msg: 'at lunch',
        }),
      patient,
    );
    bob.raw('AWAY');
    await vi.waitFor(
      async () => expect(await presence(ghost('bob'))).toMatchObject({ presence: 'online' }),
      patient,
    );

    const whyAway = async () => {
      const before = bob.lines.length;
      bob.raw('WHOIS ann[m]');
      await bob.until(({ command }) => command === '318', 'the end of WHOIS', before);
      return bob.lines.slice(before).find(({ command }) => command === '301')?.params[2];
    };
    const is = (state: string, words: object = {}) =>
      ann.ask('PUT', `/presence/${ann.userId}/status`, { presence: state, ...words });
    await is('unavailable', { status_msg: 'asleep' });
    await vi.waitFor(async () => expect(await whyAway()).toBe('asleep'), patient);
    await is('online');
    await vi.waitFor(async () => expect(await whyAway()).toBeUndefined(), patient);
    await ann.say(room, '!loop away on holiday');
    await ann.hears(room, 'You are away: on holiday');
    expect(await whyAway()).toBe('on holiday');
  });
});
