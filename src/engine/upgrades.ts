import type { MatrixEventId, MatrixRoomId } from '../model/matrix-ids.ts';
import type { Portal } from '../model/portal.ts';
import type { Accounted } from '../ports/journal.ts';
import type { MatrixEvent } from '../ports/matrix.ts';
import type { Context } from './context.ts';
import { isRefusal, unlessRefused } from './unless-refused.ts';

/** A room waits for the one before it, which is woken; this is for when that is held up itself. */
const WAIT = { waitMs: 1_000, holds: true } as const;
const MOST_REMEMBERED = 10_000;

interface Parts {
  readonly wake: (roomId: MatrixRoomId) => void;
  /** The portals are in the other room now. */
  readonly moved: (from: MatrixRoomId, to: MatrixRoomId, portals: readonly Portal[]) => void;
}

/**
 * Takes the portals of a room along to the room that replaces it.
 *
 * The bot goes there by itself where it may, else when it is invited. Then what is said there waits until
 * all that was heard of the old room is understood: its portals move after that. So nothing is for no portal, and a
 * crash in between is found by the first thing that waits.
 */
export class Upgrades {
  readonly #context: Context;
  readonly #parts: Parts;
  /** What rooms without portals say they replace. `null`: nothing. */
  readonly #predecessors = new Map<MatrixRoomId, MatrixRoomId | null>();
  readonly #due = new Map<MatrixRoomId, MatrixRoomId>();

  constructor(context: Context, parts: Parts) {
    this.#context = context;
    this.#parts = parts;
  }

  /** The room says that another takes its place: the bot goes there. */
  async told({ roomId, replacement }: MatrixEvent<'tombstone'>, portals: readonly Portal[]) {
    const { matrix, log } = this.#context;
    if (replacement === undefined || portals.length === 0) return;
    const facts = { roomId, replacement };
    if ((await matrix.replacement(roomId)) !== replacement)
      return log('warn', 'A room is to be replaced by somebody who may not decide that', facts);
    try {
      await matrix.join(replacement, matrix.bot);
    } catch (error) {
      if (!isRefusal(error)) throw error;
      return log('warn', 'A room was replaced, and the bot has to be invited to the new one', {
        ...facts,
        error: error.message,
      });
    }
    if ((await matrix.predecessor(replacement)) === roomId) return;
    log('warn', 'A room that is to replace another says nothing of it', facts);
    await matrix.leave(replacement, matrix.bot);
  }

  /** Whether what is heard of a room is to wait, as portals are still to come to it. */
  async before(roomId: MatrixRoomId): Promise<typeof WAIT | undefined> {
    const { portals } = this.#context.storage;
    if ((await portals.ofRoom(roomId)).length > 0) return undefined;
    const from = await this.#predecessor(roomId);
    if (from === undefined || (await portals.ofRoom(from)).length === 0) return undefined;
    if ((await unlessRefused(this.#context.matrix.replacement(from))) !== roomId) return undefined;
    this.#due.set(from, roomId);
    this.#parts.wake(from);
    return WAIT;
  }

  /** All that was heard of a room is understood: its portals move, if they are to. */
  async after(from: MatrixRoomId): Promise<void> {
    const { storage, matrix, log } = this.#context;
    const to = this.#due.get(from);
    if (to === undefined) return;
    const portals = await storage.portals.ofRoom(from);
    const isTaken = (await storage.portals.ofRoom(to)).length > 0;
    if (portals.length > 0 && !isTaken) {
      if (await matrix.isEncrypted(to, matrix.bot)) await storage.portals.markEncrypted(to);
      await storage.portals.move(from, to, await this.#beginningOf(to));
      log('info', 'A room was replaced, and its portals are in the new one', { from, to });
      this.#parts.moved(from, to, portals);
    }
    this.#due.delete(from);
    this.#parts.wake(to);
  }

  /** Whether nobody may speak in a room any more because its portals are to go to another. */
  async isReplaced(roomId: MatrixRoomId): Promise<boolean> {
    const { matrix } = this.#context;
    const to = await unlessRefused(matrix.replacement(roomId));
    if (to === undefined) return false;
    const from = await unlessRefused(matrix.predecessor(to));
    return from === undefined || from === roomId;
  }

  async #predecessor(roomId: MatrixRoomId): Promise<MatrixRoomId | undefined> {
    const known = this.#predecessors.get(roomId);
    if (known !== undefined) return known ?? undefined;
    try {
      const found = await this.#context.matrix.predecessor(roomId);
      if (this.#predecessors.size >= MOST_REMEMBERED) this.#predecessors.clear();
      this.#predecessors.set(roomId, found ?? null);
      return found;
    } catch (error) {
      // The bot is not there yet.
      if (isRefusal(error)) return undefined;
      throw error;
    }
  }

  /**
   * What was said there before the bot came was missed, if it is no older than what still counts. What the
   * homeserver has put there at the beginning was said by nobody.
   */
  async #beginningOf(roomId: MatrixRoomId): Promise<Pick<Accounted, 'upTo' | 'place'>> {
    const { matrix, clock, maxAgeMs } = this.#context;
    const oldestMs = clock.now() - maxAgeMs;
    let upTo: MatrixEventId | undefined;
    let isSaid = false;
    for await (const { event } of matrix.backwards(roomId, matrix.bot)) {
      if (upTo === undefined || isSaid) upTo = event.id;
      isSaid = saysSomething[event.kind] ?? false;
      if (event.sentAtMs < oldestMs) break;
    }
    return { place: 0, ...(upTo !== undefined && { upTo }) };
  }
}

const saysSomething: { readonly [Kind in MatrixEvent['kind']]?: true } = {
  message: true,
  edit: true,
  reaction: true,
  redaction: true,
  unsupported: true,
};
