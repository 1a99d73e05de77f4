import type { Portal } from '../model/portal.ts';
import type { RemoteDelivery } from '../ports/journal.ts';
import { MatrixError } from '../ports/matrix.ts';
import { isStorageFailure } from '../ports/storage-error.ts';
import { seldom } from '../util/seldom.ts';
import { createBackoff } from './backoff.ts';
import type { Context } from './context.ts';
import type { Files } from './files.ts';
import { fromRemote } from './from-remote/dispatch.ts';
import { HeldBack } from './from-remote/held-back.ts';
import { MustWait } from './from-remote/must-wait.ts';
import type { Ghosts } from './ghosts.ts';
import type { JoinRules } from './join-rules.ts';
import type { Turn } from './lanes.ts';
import { Found, lookInRoom } from './settle.ts';
import type { Upgrades } from './upgrades.ts';
import type { Voices } from './voices.ts';

const ROWS_A_READ = 50;
/** So many that wait are passed over to find one that need not. */
const MOST_PASSED = 1_000;
/** Nobody need hear of a shorter one. */
const SHORT_WAIT_MS = 1_000;
/** An event that breaks its handler so often is put aside, so that those after it are bridged. */
const MOST_BREAKS = 3;
const NOTHING = new Found();
const AT_ONCE = { waitMs: 0 };

interface Parts {
  readonly ghosts: Ghosts;
  readonly voices: Voices;
  readonly rules: JoinRules;
  readonly files: Files;
  readonly upgrades: Pick<Upgrades, 'isReplaced'>;
}

/**
 * Works what came from the networks into their rooms, portal by portal, each in order.
 *
 * Only where the homeserver limits the coming and going of somebody's ghost, which can take minutes, or
 * where what a reaction, an edit or a removal is about is not linked yet, do others pass. What somebody said
 * never passes what else they said, and what is about a message that waits waits with it.
 */
export class RemoteLane {
  readonly #context: Context;
  readonly #parts: Parts;
  readonly #backoff = createBackoff<number>();
  /** Portals in whose rooms there may be events of ours that we know nothing of. */
  readonly #doubts = new Set<number>();
  readonly #found = new Map<number, Found>();
  readonly #breaks = new Map<number, number>();
  readonly #notBeforeMs = new Map<number, number>();
  /** What has to wait for a reason of its own, by portal. */
  readonly #heldBack = new Map<number, HeldBack>();
  /** A ghost that is banned goes on talking: the same reason is told once an hour. */
  readonly #toldOf = seldom({ everyMs: 3_600_000, mostKeys: 1_000 });
  /** How often portals went to another room: a turn that began before that does not go on. */
  #moves = 0;
  #stopped = false;

  constructor(context: Context, parts: Parts) {
    this.#context = context;
    this.#parts = parts;
  }

  stop(): void {
    this.#stopped = true;
  }

  /** What waits for this portal may have been sent before a crash: its room is looked at first. */
  doubt(portalId: number): void {
    this.#doubts.add(portalId);
  }

  /** The portal is in another room now, for which nothing waits. */
  moved(portalId: number): void {
    this.#moves++;
    this.#notBeforeMs.delete(portalId);
  }

  /** One turn of a portal's lane: everything, in order, until the homeserver is away. */
  async work(portalId: number): Promise<Turn> {
    const waitMs = (this.#notBeforeMs.get(portalId) ?? 0) - this.#context.clock.now();
    if (waitMs > 0) return { waitMs };
    this.#notBeforeMs.delete(portalId);
    try {
      const portal = await this.#context.storage.portals.byId(portalId);
      const turn = portal && (await this.#workAll(portal));
      this.#backoff.succeeded(portalId);
      return turn;
    } catch (error) {
      return this.#rest(portalId, error);
    }
  }

  async #workAll(portal: Portal): Promise<Turn> {
    const held = this.#heldBack.get(portal.id) ?? new HeldBack();
    held.beginTurn(this.#context.clock.now());
    const moves = this.#moves;
    let rows: readonly RemoteDelivery[];
    let after = 0;
    do {
      rows = await this.#context.storage.journal.remoteHead(portal.id, ROWS_A_READ, after);
      await this.#settle(portal, rows[0]);
      for (const row of rows) {
        if (moves !== this.#moves) return AT_ONCE;
        if (!held.holds(row.event)) await this.#bridge(portal, row, held);
      }
      after = rows.at(-1)?.id ?? after;
    } while (rows.length === ROWS_A_READ && !this.#stopped && held.count < MOST_PASSED);
    return this.#endTurn(portal, held);
  }

  #endTurn({ id }: Portal, held: HeldBack): Turn {
    if (held.count > 0) {
      this.#heldBack.set(id, held);
      return { waitMs: held.untilMs - this.#context.clock.now() };
    }
    this.#heldBack.delete(id);
    this.#found.delete(id);
    return undefined;
  }

  async #settle(portal: Portal, oldest: RemoteDelivery | undefined): Promise<void> {
    if (!oldest || !this.#doubts.has(portal.id)) return;
    const sinceMs = oldest.receivedAtMs;
    const found = new Found();
    const before = await this.#context.storage.portals.roomsBefore(portal.roomId);
    for (const roomId of [portal.roomId, ...before])
      found.with(await lookInRoom(this.#context, { roomId, sinceMs }));
    this.#found.set(portal.id, found);
    this.#doubts.delete(portal.id);
  }

  async #bridge(portal: Portal, delivery: RemoteDelivery, held: HeldBack): Promise<void> {
    if (this.#stopped) return;
    if (portal.encrypted) return this.#fail(delivery, 'The room is encrypted');
    const { storage, clock } = this.#context;
    const found = this.#found.get(portal.id) ?? NOTHING;
    const work = { context: this.#context, ...this.#parts, portal, delivery, found };
    try {
      const writes = await fromRemote(delivery.event, work);
      const end = { delivery: delivery.id, as: 'delivered', atMs: clock.now() } as const;
      // After a crash before it is on disk the room tells that it is there.
      await storage.journal.commit([...writes, { kind: 'remote-ended', ...end }], 'soon');
      this.#breaks.delete(delivery.id);
      this.#ended(delivery, 'delivered');
    } catch (error) {
      if (error instanceof MustWait) this.#hold(delivery, error, held);
      else if (await this.#isReplaced(portal, error)) throw error;
      else await this.#broke(delivery, error);
    }
  }

  #hold({ id, network, portal, event }: RemoteDelivery, wait: MustWait, held: HeldBack): void {
    const { clock, log } = this.#context;
    held.wait(event, clock.now() + wait.waitMs, wait.scope);
    const level = wait.waitMs < SHORT_WAIT_MS ? 'debug' : 'info';
    log(level, 'What somebody did waits, and others pass', {
      network,
      portal,
      delivery: `r${id}`,
      waitMs: Math.round(wait.waitMs),
      reason: wait.message,
    });
  }

  /** Nobody may speak there any more, and the portal is still to move: all of it waits for that. */
  async #isReplaced({ roomId }: Portal, error: unknown): Promise<boolean> {
    const isForbidden = error instanceof MatrixError && error.status === 403;
    return isForbidden && this.#parts.upgrades.isReplaced(roomId);
  }

  /** Towards Matrix nothing expires: only a refusal ends an event, or a defect of ours that repeats. */
  async #broke(delivery: RemoteDelivery, error: unknown): Promise<void> {
    if (error instanceof MatrixError) {
      if (error.kind !== 'refused') throw error;
      return this.#fail(delivery, error.message);
    }
    if (isStorageFailure(error)) throw error;
    const count = (this.#breaks.get(delivery.id) ?? 0) + 1;
    this.#breaks.set(delivery.id, count);
    if (count < MOST_BREAKS) throw error;
    this.#breaks.delete(delivery.id);
    return this.#fail(delivery, String(error));
  }

  async #fail(delivery: RemoteDelivery, reason: string): Promise<void> {
    const { storage, clock, log } = this.#context;
    const { network, portal, id } = delivery;
    const level = this.#toldOf.isDue(`${portal} ${reason}`, clock.now()) ? 'error' : 'debug';
    log(level, 'A remote event could not be bridged and is kept as a dead letter', {
      network,
      portal,
      delivery: `r${id}`,
      reason,
    });
    const end = { delivery: delivery.id, as: 'failed', atMs: clock.now(), reason } as const;
    await storage.journal.commit([{ kind: 'remote-ended', ...end }]);
    this.#ended(delivery, 'failed');
  }

  #ended({ network, receivedAtMs }: RemoteDelivery, outcome: 'delivered' | 'failed'): void {
    const { metrics, clock } = this.#context;
    metrics.ended({
      network,
      direction: 'to_matrix',
      outcome,
      delayMs: clock.now() - receivedAtMs,
    });
  }

  #rest(portalId: number, error: unknown): Turn {
    // Whatever broke off may have had its effect: a room is looked at before it is written to again.
    this.#doubts.add(portalId);
    const saysMs = error instanceof MatrixError ? error.retryAfterMs : undefined;
    const waitMs = this.#backoff.failed(portalId, saysMs);
    this.#notBeforeMs.set(portalId, this.#context.clock.now() + waitMs);
    this.#context.log('warn', 'A room waits for the homeserver', {
      portal: portalId,
      waitMs: Math.round(waitMs),
      error: String(error),
    });
    return { waitMs };
  }
}
