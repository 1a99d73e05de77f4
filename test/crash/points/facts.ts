import { join } from 'node:path';
import { loadOrCreateKey } from '../../../src/store/key-file.ts';
import { openStorage } from '../../../src/store/sqlite/index.ts';
import { sameJson } from '../../../src/util/same-json.ts';
import { bot, chat, ghostOf, idOf, type Stage } from './stage.ts';

/** Whatever must be so at the end of the script, and no log of messages tells. */
export async function findTroubles(stage: Stage, dir: string): Promise<readonly string[]> {
  const { matrix, remote, homeserver } = stage;
  const room = matrix.rooms.get(chat) ?? '';
  const [anna, carl, dora] = ['anna', 'carl', 'dora'].map(idOf);
  const name = `/profile/${encodeURIComponent(ghostOf('xena'))}/displayname`;
  const facts: readonly (readonly [string, unknown, unknown])[] = [
    [
      'in the room',
      homeserver.joinedMembers(room).toSorted(),
      // Dora has logged out, so that who she is over there is a stranger, and nevertheless in the chat.
      [anna, carl, dora, bot, ghostOf('xena'), ghostOf('dora')].toSorted(),
    ],
    [
      'in the chat',
      (await remote.members('xena', chat)).toSorted(),
      ['anna', 'bridge', 'dora', 'xena'],
    ],
    // Bridged, with the bot, and one for each private chat.
    ['rooms', homeserver.rooms().length, 4],
    [
      'topics in the room',
      homeserver.timeline(room).flatMap(({ type, content }) => {
        if (type === 'm.room.topic') return [content['topic']];
        return String(content['body']).includes('the topic') ? [content['body']] : [];
      }),
      ['xena changed the topic to: xena tea', 'xena tea', 'anna cake'],
    ],
    ['name of the ghost', await matrix.as('anna', 'GET', name), { displayname: 'Xena' }],
    [
      'left in the journal',
      await left(dir),
      { queue: [], dead: [...matrix.record().told.values()].toSorted() },
    ],
  ];
  return facts.flatMap(([what, is, wanted]) =>
    sameJson(is, wanted) ? [] : [`${what}: ${JSON.stringify(is)}, not ${JSON.stringify(wanted)}`],
  );
}

/** What the bridge still has to do, and what it gave up: no more than senders were told, which is judged elsewhere. */
async function left(dir: string): Promise<object> {
  const data = join(dir, 'data');
  const key = loadOrCreateKey(join(data, 'storage.key'));
  const storage = await openStorage({ path: join(data, 'drawbridge.db'), key });
  try {
    const letters = await storage.repairs.deadLetters(100);
    return {
      queue: await storage.repairs.queue(100),
      dead: letters.map(({ outcome }) => outcome).toSorted(),
    };
  } finally {
    await storage.close();
  }
}
