import { BridgeError } from '../adapter/errors.ts';
import type { MatrixRoomId } from '../model/matrix-ids.ts';
import type { Portal } from '../model/portal.ts';
import type { MatrixEventRow, Write } from '../ports/journal.ts';
import { MatrixError, type MatrixEvent } from '../ports/matrix.ts';
import { isStorageFailure } from '../ports/storage-error.ts';
import { createBackoff } from './backoff.ts';
import type { Context } from './context.ts';
import type { Turn } from './lanes.ts';

const ROWS_A_READ = 100;
const MOST_BREAKS = 3;

/** What the room's lane does besides passing events on. Each may be called again for the same event. */
export interface RoomDuties {
  /** An invitation to the bot or to a ghost. */
  invited(event: MatrixEvent<'member'>): Promise<void>;
  /** Somebody is no longer, or newly, what they were in a room. */
  memberChanged(event: MatrixEvent<'member'>): Promise<void>;
  /** The room is encrypted, now or since before. Said once in each room. */
  encrypted(event: MatrixEvent, portals: readonly Portal[]): Promise<void>;
  /** Words to the bot. @returns whether they were a command, which is not bridged. */
  command(event: MatrixEvent<'message'>): Promise<boolean>;
}

/** What becomes of an event in its room's lane. */
type Fate = Extract<Write, { kind: 'deliveries' | 'poison' }>;

/** Understands what was said in a room, in order, and makes one delivery of it for every portal. */
export class RoomLane {
  readonly #context: Context;
  readonly #duties: RoomDuties;
  readonly #wakePortal: (id: number) => void;
  readonly #backoff = createBackoff<string>();
  readonly #breaks = new Map<string, number>();

  constructor(context: Context, duties: RoomDuties, wakePortal: (id: number) => void) {
    this.#context = context;
    this.#duties = duties;
    this.#wakePortal = wakePortal;
  }

  /** One turn of a room's lane. */
  async work(roomId: MatrixRoomId): Promise<Turn> {
    try {
      await this.#workAll(roomId);
      this.#backoff.succeeded(roomId);
      return undefined;
    } catch (error) {
      if (!mustWait(error)) throw error;
      this.#context.log('warn', 'A room waits', { roomId, error: error.message });
      return { waitMs: this.#backoff.failed(roomId, error.retryAfterMs) };
    }
  }

  async #workAll(roomId: MatrixRoomId): Promise<void> {
    let rows: readonly MatrixEventRow[];
    do {
      rows = await this.#context.storage.journal.roomHead(roomId, ROWS_A_READ);
      await this.#workSome(rows);
    } while (rows.length === ROWS_A_READ);
  }

  /** What was understood before something broke is kept, so that it is not done again. */
  async #workSome(rows: readonly MatrixEventRow[]): Promise<void> {
    const writes: Fate[] = [];
    try {
      for (const row of rows) writes.push(await this.#understandOrSetAside(row));
    } finally {
      // A delivery is marked begun on disk before it is sent. What the bridge itself did is not done again.
      const mayBeUndone = writes.every(isForOthers);
      await this.#context.storage.journal.commit(writes, mayBeUndone ? 'soon' : undefined);
      this.#wakePortals(writes);
      this.#tellOfPoison(writes.filter((write) => write.kind === 'poison'));
    }
  }

  async #understandOrSetAside(row: MatrixEventRow): Promise<Fate> {
    try {
      const portals = await this.#understand(row);
      this.#breaks.delete(row.id);
      return { kind: 'deliveries', of: row.id, portals: portals.map(({ id }) => id) };
    } catch (error) {
      if (mustWait(error) || isStorageFailure(error)) throw error;
      if (!this.#isPoison(row, error)) throw error;
      return { kind: 'poison', of: row.id, reason: String(error) };
    }
  }

  #wakePortals(writes: readonly Fate[]): void {
    const ids = writes.flatMap((write) => (write.kind === 'deliveries' ? write.portals : []));
    for (const id of new Set(ids)) this.#wakePortal(id);
  }

  /** In one line, however many there are: whoever can send one can send a thousand. */
  #tellOfPoison(all: readonly Extract<Fate, { kind: 'poison' }>[]): void {
    const [first] = all;
    if (!first) return;
    this.#context.log('error', 'What could not be understood is kept as a dead letter', {
      count: all.length,
      eventId: first.of,
      error: first.reason,
    });
  }

  #isPoison({ id }: MatrixEventRow, error: unknown): boolean {
    const count = (this.#breaks.get(id) ?? 0) + 1;
    const isPoison = count >= MOST_BREAKS || error instanceof SyntaxError;
    if (isPoison) this.#breaks.delete(id);
    else this.#breaks.set(id, count);
    return isPoison;
  }

  async #understand(row: MatrixEventRow): Promise<readonly Portal[]> {
    const { matrix, names, storage } = this.#context;
    const event = matrix.parse(row.json);
    const all = await storage.portals.ofRoom(event.roomId);
    const isOurs = event.sender === matrix.bot || names.ghostOf(event.sender) !== undefined;
    if (isOurs) return carriedOn(event, all);
    if (await this.#isDealtWith(event, all)) return [];
    return isBridged[event.kind] ? all.filter(({ encrypted }) => !encrypted) : [];
  }

  /** Whether it was for the bridge itself, and asks nothing of a network. */
  async #isDealtWith(event: MatrixEvent, portals: readonly Portal[]): Promise<boolean> {
    if (event.kind === 'member') await this.#member(event);
    if (event.kind === 'encrypted' || event.kind === 'encryption-on')
      await this.#duties.encrypted(event, portals);
    return event.kind === 'message' && this.#duties.command(event);
  }

  #member(event: MatrixEvent<'member'>): Promise<void> {
    const { matrix, names } = this.#context;
    const isToOurs = event.who === matrix.bot || names.ghostOf(event.who) !== undefined;
    return event.is === 'invite' && isToOurs
      ? this.#duties.invited(event)
      : this.#duties.memberChanged(event);
  }
}

/** What one of ours said for a network goes to the other portals of the room, and never back. */
function carriedOn(event: MatrixEvent, all: readonly Portal[]): readonly Portal[] {
  const origin = all.find(({ id }) => id === event.mark?.portal);
  if (!origin || !isBridged[event.kind]) return [];
  return all.filter((portal) => !portal.encrypted && !isSameChat(portal, origin));
}

/** The homeserver or a network is away: it comes back, and then all goes on. */
const mustWait = (error: unknown): error is MatrixError | BridgeError =>
  (error instanceof MatrixError && error.kind !== 'refused') ||
  (error instanceof BridgeError && error.advice.retry === 'later');

const isForOthers = (write: Write) => write.kind === 'deliveries' && write.portals.length > 0;

const isSameChat = (a: Portal, b: Portal): boolean => a.network === b.network && a.chat === b.chat;

const isBridged: { readonly [K in MatrixEvent['kind']]: boolean } = {
  message: true,
  edit: true,
  redaction: true,
  reaction: true,
  member: true,
  unsupported: true,
  'encryption-on': false,
  encrypted: false,
  tombstone: false,
  ignored: false,
};
