import { BridgeError } from '../adapter/errors.ts';
import type { MatrixRoomId } from '../model/matrix-ids.ts';
import type { Portal } from '../model/portal.ts';
import type { MatrixEventRow, Write } from '../ports/journal.ts';
import { MatrixError, type MatrixEvent } from '../ports/matrix.ts';
import { isStorageFailure } from '../ports/storage-error.ts';
import { createBackoff } from './backoff.ts';
import { isBridged } from './bridged-kinds.ts';
import type { Context } from './context.ts';
import type { Turn } from './lanes.ts';
import { isOurs } from './ours.ts';
import type { Portals } from './portals.ts';
import type { RoomLooks } from './room-looks.ts';
import type { Upgrades } from './upgrades.ts';

const ROWS_A_READ = 100;
const MOST_BREAKS = 3;
const AT_ONCE = { waitMs: 0 };
const SOON = { waitMs: 100 };

/** What the room's lane does besides passing events on. Each may be called again for the same event. */
export interface RoomDuties {
  /** An invitation to the bot or to a ghost. */
  invited(event: MatrixEvent<'member'>): Promise<void>;
  /** Somebody is no longer, or newly, what they were in a room. */
  memberChanged(event: MatrixEvent<'member'>): Promise<void>;
  /** The room is encrypted, now or since before. Said once in each room. */
  encrypted(event: MatrixEvent, portals: readonly Portal[]): Promise<void>;
  /** A rule of a policy room may be another one than before. Nothing waits for what comes of it. */
  policyChanged(roomId: MatrixRoomId): void;
  /**
   * Words to the bot. @returns whether they were a command, which is not bridged. One that is late is
   * not carried out: something newer may have been.
   */
  command(event: MatrixEvent<'message'>, isLate: boolean): Promise<boolean>;
}

/** What becomes of an event in its room's lane. */
type Fate = Extract<Write, { kind: 'deliveries' | 'poison' }>;

interface Parts {
  readonly duties: RoomDuties;
  readonly looks: RoomLooks;
  readonly upgrades: Pick<Upgrades, 'before' | 'after' | 'told'>;
  readonly portals: Pick<Portals, 'mayBeMade'>;
}

/** Understands what was said in a room, in order, and makes one delivery of it for every portal. */
export class RoomLane {
  readonly #context: Context;
  readonly #duties: RoomDuties;
  readonly #looks: RoomLooks;
  readonly #upgrades: Parts['upgrades'];
  readonly #portals: Parts['portals'];
  readonly #wakePortal: (id: number) => void;
  readonly #backoff = createBackoff<string>();
  readonly #breaks = new Map<string, number>();

  constructor(context: Context, parts: Parts, wakePortal: (id: number) => void) {
    this.#context = context;
    this.#duties = parts.duties;
    this.#looks = parts.looks;
    this.#upgrades = parts.upgrades;
    this.#portals = parts.portals;
    this.#wakePortal = wakePortal;
  }

  /** One turn of a room's lane. */
  async work(roomId: MatrixRoomId): Promise<Turn> {
    try {
      if (await this.#portals.mayBeMade(roomId)) return SOON;
      const held = (await this.#upgrades.before(roomId)) ?? (await this.#looks.before(roomId));
      if (held?.holds) return held;
      const isOver = await this.#workAll(roomId, held === undefined);
      if (isOver) await this.#upgrades.after(roomId);
      this.#backoff.succeeded(roomId);
      return isOver ? held : AT_ONCE;
    } catch (error) {
      if (!mustWait(error)) throw error;
      this.#context.log('warn', 'A room waits', { roomId, error: error.message });
      return { waitMs: this.#backoff.failed(roomId, error.retryAfterMs) };
    }
  }

  /**
   * @param hasLooked the room was looked through before this turn.
   * @returns false: there is a reason to look again, and what was read may have come with it.
   */
  async #workAll(roomId: MatrixRoomId, hasLooked: boolean): Promise<boolean> {
    let rows: readonly MatrixEventRow[];
    do {
      rows = await this.#context.storage.journal.roomHead(roomId, ROWS_A_READ);
      if (hasLooked && this.#looks.isDue(roomId)) return false;
      await this.#workSome(rows);
    } while (rows.length === ROWS_A_READ);
    return true;
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
    const { matrix, storage } = this.#context;
    const event = matrix.parse(row.json);
    const all = await storage.portals.ofRoom(event.roomId);
    const there = all.filter(({ id }) => id <= (row.lastPortal ?? id));
    if (isOurs(this.#context, event.sender)) return carriedOn(event, there);
    const isLate = row.late ?? false;
    if (await this.#isDealtWith(event, all, isLate)) return [];
    const { optedOut } = this.#context;
    const isWanted = ({ encrypted, network }: Portal) =>
      !encrypted && !optedOut.has(network, event.sender);
    return isBridged[event.kind] ? there.filter(isWanted) : [];
  }

  /** Whether it was for the bridge itself, or asks nothing of a network. */
  async #isDealtWith(
    event: MatrixEvent,
    portals: readonly Portal[],
    isLate: boolean,
  ): Promise<boolean> {
    if (event.kind === 'encrypted' || event.kind === 'encryption-on')
      await this.#duties.encrypted(event, portals);
    if (event.kind === 'policy' || event.kind === 'redaction')
      this.#duties.policyChanged(event.roomId);
    if (event.kind === 'tombstone') await this.#upgrades.told(event, portals);
    if (event.kind === 'member') {
      await this.#member(event, isLate);
      // Who came or went is news no more: what has happened since is known.
      return isLate;
    }
    return event.kind === 'message' && this.#duties.command(event, isLate);
  }

  #member(event: MatrixEvent<'member'>, isLate: boolean): Promise<void> {
    const isInvited = event.is === 'invite' && isOurs(this.#context, event.who);
    return isInvited && !isLate ? this.#duties.invited(event) : this.#duties.memberChanged(event);
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
