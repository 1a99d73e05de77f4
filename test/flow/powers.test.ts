import { describe, expect, it } from 'vitest';
import { type Host, type NetworkAdapter, remoteChatId, remoteUserId } from '#adapter';
import { loopback } from '../../bridges/loopback/index.ts';
import { BOT, bridgedRoom, ghost, until } from './support/bridged-room.ts';
import { startStory } from './support/story.ts';

/** The loopback network, with people who may do more than others. */
function networkWithPowers() {
  const powers = new Map([[remoteUserId('carol'), 50]]);
  let host: Host<unknown> | undefined;
  const adapter = {
    ...loopback,
    async open(given) {
      host = given;
      const network = await loopback.open(given as never);
      const { chat } = network;
      if (!chat) throw new Error('It knows no chats');
      return {
        ...network,
        chat: async (view, signal) => ({ ...(await chat(view, signal)), powers: new Map(powers) }),
      };
    },
  } as NetworkAdapter;
  return { adapter, powers, changed: () => host?.changed({ chat: remoteChatId('town') }) };
}

describe('power over there', () => {
  it('is power here where the bot may give it, and is taken back with it', async () => {
    const { adapter, powers, changed } = networkWithPowers();
    const story = await startStory({ adapter });
    const { ann, room } = await bridgedRoom(story);
    const levels = async () => {
      const path = `/rooms/${encodeURIComponent(room)}/state/m.room.power_levels/`;
      return (await ann.ask<{ users?: Record<string, number> }>('GET', path)).users;
    };
    const given = { [BOT]: 60, [ghost('carol')]: 50 };
    await ann.state(room, 'm.room.power_levels', { users: { [BOT]: 60 } });
    changed();
    await until(async () => expect(await levels()).toEqual(given));
    powers.clear();
    changed();
    await until(async () => expect(await levels()).toEqual({ [BOT]: 60 }));
    powers.set(remoteUserId('carol'), 50);
    for (let times = 0; times < 5; times++) changed();
    await until(async () => expect(await levels()).toEqual(given));
    const written = (await ann.timeline(room)).filter(
      ({ type, sender }) => type === 'm.room.power_levels' && sender === BOT,
    );
    expect(written).toHaveLength(3);
  });
});
