import { describe, expect, it } from 'vitest';
import { remoteUserId } from '#adapter';
import { BOT, bridgedRoom, ghost, until } from './support/bridged-room.ts';
import { startStory } from './support/story.ts';
import { networkTelling } from './support/telling-network.ts';

/** With people who may do more than others. */
function networkWithPowers() {
  const powers = new Map([[remoteUserId('carol'), 50]]);
  return { powers, ...networkTelling(() => ({ powers: new Map(powers) })) };
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
