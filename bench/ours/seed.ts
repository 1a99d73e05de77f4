import { mkdir } from 'node:fs/promises';
import { storagePaths } from '../../src/config/paths.ts';
import type { MatrixEventId, MatrixRoomId, MatrixUserId } from '../../src/model/matrix-ids.ts';
import { remoteChatId, remoteMessageId, remoteUserId } from '../../src/model/remote-ids.ts';
import type { Write } from '../../src/ports/journal.ts';
import type { Storage } from '../../src/ports/store.ts';
import { loadOrCreateKey } from '../../src/store/key-file.ts';
import { openStorage } from '../../src/store/sqlite/index.ts';
import { ghostOf, NETWORK, roomOf, SERVER, type Wiring } from '../wiring.ts';
import { configOf } from './config.ts';

/** So many rows go into one commit. */
const ROWS = 10_000;

export interface Amounts {
  readonly portals: number;
  readonly ghosts: number;
  readonly links: number;
}

/** A database as a bridge leaves it that has been used: made through the storage itself. */
export async function seed(wiring: Wiring, { portals, ghosts, links }: Amounts): Promise<void> {
  const paths = storagePaths(configOf(wiring));
  await mkdir(wiring.dataDir, { recursive: true });
  const storage = await openStorage({ path: paths.database, key: loadOrCreateKey(paths.key) });
  await inSteps(portals, (at) => storage.portals.link(portalOf(at)));
  await inSteps(ghosts, (at) => addGhost(storage, at, portals));
  // Ids count from 1. One portal after the other, as that is how they lie in the database.
  const portalAt = (at: number) => Math.floor((at * portals) / links) + 1;
  for (let from = 0; from < links; from += ROWS)
    await storage.journal.commit(
      Array.from({ length: Math.min(ROWS, links - from) }, (_, at) =>
        linkOf(from + at, portalAt(from + at)),
      ),
    );
  await storage.close();
}

async function inSteps(count: number, add: (at: number) => Promise<unknown>): Promise<void> {
  for (let from = 0; from < count; from += ROWS)
    await Promise.all(
      Array.from({ length: Math.min(ROWS, count - from) }, (_, at) => add(from + at)),
    );
}

const portalOf = (at: number) => ({
  network: NETWORK,
  chat: remoteChatId(`c${at}`),
  roomId: roomOf(`c${at}`) as MatrixRoomId,
  ownsRoom: true,
  origin: 'alias' as const,
});

async function addGhost(storage: Storage, at: number, portals: number): Promise<void> {
  // Not those of the measured messages: they are to come new.
  const name = `old${at}`;
  const userId = ghostOf(name) as MatrixUserId;
  const saved = storage.ghosts.save({
    ...{ userId, network: NETWORK, remoteId: remoteUserId(name), name },
  });
  const roomId = roomOf(`c${at % portals}`) as MatrixRoomId;
  await Promise.all([saved, storage.ghosts.setJoined(userId, roomId, true)]);
}

const linkOf = (at: number, portal: number): Write => ({
  kind: 'link',
  link: {
    portal,
    eventId: `$old${at}:${SERVER}` as MatrixEventId,
    remoteId: remoteMessageId(`old-${at}`),
    part: 0,
    saidBy: at % 2 === 0 ? 'matrix' : 'remote',
    sender: ghostOf(`old${at % 1000}`),
  },
});
