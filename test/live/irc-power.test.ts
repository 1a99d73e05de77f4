import { expect, it, vi } from 'vitest';
import { BOT, ghost } from '../flow/support/bridged-room.ts';
import { patient } from './support/irc-bench.ts';
import { ircRoom } from './support/irc-room.ts';
import { ircServers } from './support/irc-servers.ts';

const { both } = await ircServers();

for (const { name, describe, serve } of both)
  describe(`power in a room of a channel on ${name}`, () => {
    it('is power in the channel, where somebody may give it, and its giver is told where nobody may', async () => {
      const server = await serve();
      const { bob, ann, room } = await ircRoom(server, { powerFromMatrix: { o: 50, v: 1 } });
      bob.say('#a', 'hello');
      await ann.hears(room, 'hello');
      const modes = () => bob.lines.filter(({ command }) => command === 'MODE');
      const powers = (users: object) => ann.state(room, 'm.room.power_levels', { users });

      await powers({ [BOT]: 100, '@ben:hs.test': 50 });
      await powers({ [BOT]: 100, [ghost('bob')]: 1 });
      await ann.hears(
        room,
        'Loop does not take it from you who may do what: it is still as before there.',
      );
      expect(modes().some(({ nick }) => nick !== 'bob' && nick !== 'irc.test')).toBe(false);

      bob.raw('MODE #a +o drawbridge');
      await powers({ [BOT]: 100, [ghost('bob')]: 50, [ann.userId.replace('ann', 'cyd')]: 1 });
      await powers({ [BOT]: 100, [ghost('bob')]: 1 });
      const line = ({ nick, params }: { nick: string; params: readonly string[] }) =>
        `${nick} ${params.join(' ')}`;
      await vi.waitFor(
        () => expect(modes().map(line)).toContain('drawbridge #a -o+v bob bob'),
        patient,
      );
    });
  });
