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
      [anna, carl, dora, bot, ghostOf('xena')].toSorted(),
    ],
    [
      'in the chat',
      (await remote.members('xena', chat)).toSorted(),
      ['anna', 'bridge', 'dora', 'xena'],
    ],
    // Bridged, with the bot, and one for each private chat.
    ['rooms', homeserver.rooms().length, 4],
    ['name of the ghost', await matrix.as('anna', 'GET', name), { displayname: 'Xena' }],
    ['left in the journal', await left(dir), { queue: [], dead: ['failed: unsupported: a poll'] }],
  ];
  return facts.flatMap(([what, is, wanted]) =>
    sameJson(is, wanted) ? [] : [`${what}: ${JSON.stringify(is)}, not ${JSON.stringify(wanted)}`],
  );
}

/** What the bridge still has to do, and what it gave up. Who may be told "unknown" is judged elsewhere. */
async function left(dir: string): Promise<object> {
  const data = join(dir, 'data');
  const key = loadOrCreateKey(join(data, 'storage.key'));
  const storage = await openStorage({ path: join(data, 'drawbridge.db'), key });
  try {
    const letters = await storage.repairs.deadLetters(100);
    const dead = letters
      .filter(({ outcome }) => outcome !== 'unknown')
      .map(({ outcome, reason }) => `${outcome}: ${reason}`);
    return { queue: await storage.repairs.queue(100), dead };
  } finally {
    await storage.close();
  }
}
