import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { adopt, adoptionsOf } from '../../src/engine/adoptions.ts';
import type { Storage } from '../../src/ports/store.ts';
import { loadOrCreateKey } from '../../src/store/key-file.ts';
import { openStorage } from '../../src/store/sqlite/index.ts';
import { loopbackPerson } from '../../src/testing/loopback-network/index.ts';
import { arrives, BOT, until } from './support/bridged-room.ts';
import { type Story, startStory } from './support/story.ts';

async function within<T>(story: Story, work: (storage: Storage) => Promise<T>): Promise<T> {
  const key = loadOrCreateKey(join(dirname(story.database), 'storage.key'));
  const storage = await openStorage({ path: story.database, key });
  return work(storage).finally(() => storage.close());
}

/** The portal, once it is there and nothing is waited for any longer. */
const bridged = (story: Story) =>
  until(() =>
    within(story, async (storage) => {
      const [portal] = await storage.portals.after(0);
      expect(await adoptionsOf(storage, 'loop')).toEqual([]);
      expect(portal).toMatchObject({ chat: 'town', origin: 'alias', ownsRoom: true });
      return portal;
    }),
  );

/** A bridge that has taken over the link of a room to the chat `town`, and is not in the room yet. */
async function takenOver(story: Story, room: string): Promise<void> {
  await story.stopBridge();
  const portal = { chat: '#town', room, origin: 'alias', ownsRoom: true } as const;
  await within(story, ({ journal }) => journal.commit([adopt('loop', portal)]));
  await story.restartBridge();
}

async function scene(options: object = {}) {
  const story = await startStory();
  const ann = await story.person('ann');
  const carol = await loopbackPerson(story.network.url, { id: 'carol', displayName: 'Carol' });
  await carol.join('town');
  const room = await ann.createRoom(options);
  await takenOver(story, room);
  return { story, ann, carol, room };
}

describe('a room of another bridge', () => {
  it('is bridged from when the bot is let in, also after one more start', async () => {
    const { story, ann, carol, room } = await scene();
    const refused = () => story.log.filter((line) => line.includes('of another bridge cannot be'));
    await until(() => expect(refused()).toHaveLength(1));
    await story.restartBridge();
    await until(() => expect(refused()).toHaveLength(2));

    await ann.invite(room, BOT);
    await bridged(story);
    await ann.say(room, 'hello');
    await arrives(story, 'town', 'hello');
    await carol.say('town', 'welcome');
    await ann.hears(room, 'welcome');
  });

  it('is entered at the start where anybody may come in', async () => {
    const { story, ann, carol, room } = await scene({ preset: 'public_chat' });

    await bridged(story);
    await carol.say('town', 'hello');

    await ann.hears(room, 'hello');
    expect(story.log.join('\n')).not.toContain('cannot be linked');
  });

  it('is linked once, and stays unlinked when somebody unlinks it', async () => {
    const { story, ann, room } = await scene({ preset: 'public_chat' });
    await bridged(story);
    await ann.say(room, '!loop unbridge');
    await ann.hears(room, 'This room is no longer bridged to town on Loop.');

    await story.restartBridge();

    await ann.say(room, '!loop status');
    await ann.hears(room, 'This room is not bridged.');
  });

  it('is known to be encrypted before a word goes in', async () => {
    const algorithm = 'm.megolm.v1.aes-sha2';
    const { story } = await scene({
      preset: 'public_chat',
      initial_state: [{ type: 'm.room.encryption', content: { algorithm } }],
    });

    expect(await bridged(story)).toMatchObject({ encrypted: true });
  });
});
