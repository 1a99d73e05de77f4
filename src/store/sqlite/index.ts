import type { Database } from 'better-sqlite3';
import type { Clock } from '../../ports/clock.ts';
import type { Journal } from '../../ports/journal.ts';
import type { Log } from '../../ports/log.ts';
import { StorageError } from '../../ports/storage-error.ts';
import type { Storage } from '../../ports/store.ts';
import { systemClock } from '../../util/system-clock.ts';
import { type Sealer, sealer } from '../seal.ts';
import { accounts, catchUp } from './accounted.ts';
import { bodies } from './bodies.ts';
import { chats } from './chat.ts';
import { commit } from './commit.ts';
import { deliveries as deliveriesOf } from './deliveries.ts';
import { deliveryWrites } from './delivery-writes.ts';
import { echoes } from './echo.ts';
import { endings } from './endings.ts';
import { type Explain, explain } from './explain.ts';
import { explained } from './explained.ts';
import { factStore } from './fact.ts';
import { ghostStore } from './ghost.ts';
import { groupCommit, type Writer } from './group-commit.ts';
import { linkStore, linkWrites } from './link.ts';
import { type LogFile, openLog } from './log-file.ts';
import { matrixJournal, matrixWrites } from './matrix-journal.ts';
import { notices } from './notices.ts';
import { emptyLog, openDatabase } from './open.ts';
import { parts } from './part.ts';
import { patience } from './patience.ts';
import { pendingLanes } from './pending.ts';
import { portalStore } from './portal.ts';
import { remoteJournal } from './remote-journal.ts';
import { remoteWrites } from './remote-writes.ts';
import { repairs } from './repairs.ts';
import { type Shown, shown } from './shown.ts';
import { stateStore, stateWrites } from './state.ts';
import { voiceStore } from './voice.ts';

export interface StorageOptions {
  /** Made if it is not there; its folder must be. `:memory:` keeps nothing. */
  readonly path: string;
  /** 32 bytes: see `loadOrCreateKey`. */
  readonly key: Uint8Array;
  /** How long a write waits for a disk that takes nothing now. Absent: as long as somebody at a terminal does. */
  readonly patienceMs?: number;
  /** Aborted: nobody waits for it any longer. Absent: it is told by `close`. */
  readonly signal?: AbortSignal;
  /** Called when the file turns out to be damaged, perhaps again and again. Absent: who asks is told. */
  readonly damaged?: (error: StorageError) => void;
  /** Absent: nothing is told. */
  readonly log?: Log;
  /** The clock of the bridge. Absent: the system's. */
  readonly clock?: Clock;
}

const PATIENCE_MS = 5_000;

/**
 * Opens the storage in one SQLite file, which several processes may have open at once.
 *
 * @throws {StorageError} when the file cannot be used; the message says what to do.
 */
export async function openStorage(options: StorageOptions): Promise<Storage> {
  const { path, key, clock = systemClock, patienceMs = PATIENCE_MS, log = () => {} } = options;
  const seals = sealer(key);
  const db = openDatabase(path);
  const bearing = patience({ patienceMs, clock, log });
  options.signal?.addEventListener('abort', () => bearing.end());
  const explain = explaining(path, options.damaged);
  const file = logOf(db, path);
  const deliveries = shown();
  const { committed } = deliveries;
  const writer = groupCommit(db, { path, explain, patience: bearing, log: file, committed });
  const isWritable = () => !bearing.isTried();
  const tools = { explain, seals, now: clock.now, writer, isWritable, deliveries };
  return build(db, tools, async () => {
    await writer.close();
    db.close();
    file.close();
  });
}

function logOf(db: Database, path: string): LogFile {
  try {
    return openLog(path);
  } catch (error) {
    db.close();
    throw error;
  }
}

const explaining =
  (path: string, damaged?: (error: StorageError) => void): Explain =>
  (error) => {
    const explained = explain(error, path);
    if (explained instanceof StorageError && explained.kind === 'damaged') damaged?.(explained);
    return explained;
  };

interface Tools {
  readonly explain: Explain;
  readonly seals: Sealer;
  readonly writer: Writer;
  readonly now: () => number;
  readonly isWritable: () => boolean;
  /** Towards Matrix. */
  readonly deliveries: Shown;
}

function build(db: Database, tools: Tools, close: () => Promise<void>): Storage {
  const { explain, seals, writer } = tools;
  const { journal, repairs, endAll } = journalParts(db, tools);
  return {
    journal: explained(journal, explain),
    repairs: explained(repairs, explain),
    portals: explained(portalStore(db, writer, { endAll, now: tools.now }), explain),
    ghosts: explained(ghostStore(db, writer), explain),
    links: explained(linkStore(db), explain),
    voices: explained(voiceStore(db, writer), explain),
    state: explained(stateStore(db, seals), explain),
    facts: explained(factStore(db, writer, seals), explain),
    isWritable: tools.isWritable,
    tidy: async () => {
      // A transaction that is open would hold the log.
      writer.settle();
      emptyLog(db);
    },
    close,
  };
}

/** What shares tables: the journal, its repairs, and the end of a portal. */
function journalParts(db: Database, { seals, writer, now, deliveries }: Tools) {
  const shared = { parts: parts(db), notices: notices(db), bodies: bodies(db) };
  const chat = chats(db);
  const ending = endings(db, shared);
  const delivery = deliveryWrites(db, now, { parts: shared.parts, endings: ending });
  const isEcho = echoes(db, ending);
  const needs = { chats: chat, bodies: shared.bodies, isEcho, now, shown: deliveries };
  const remote = remoteWrites(db, needs);
  const journal: Journal = {
    commit: commit(writer, {
      ...shared,
      matrix: matrixWrites(db, now),
      catchUp: catchUp(db),
      deliveries: delivery,
      endings: ending,
      remote,
      state: stateWrites(db, seals),
      link: linkWrites(db),
    }),
    onDisk: () => writer.run(() => {}),
    ...pendingLanes(db, () => writer.wroteAgain()),
    ...matrixJournal(db),
    ...accounts(db),
    ...deliveriesOf(db),
    ...remoteJournal(db, chat, deliveries),
    notices: shared.notices.notices,
    newest: chat.newest,
  };
  const endAll = (portal: number): void => {
    delivery.endAll(portal);
    remote.endAll(portal);
  };
  return { journal, repairs: repairs(db, writer, { ...shared, now }), endAll };
}
