import { BridgeError } from '../adapter/errors.ts';
import type { Portal } from '../model/portal.ts';
import type { VoiceId } from '../model/remote-ids.ts';
import type { Delivery, Outcome, Write } from '../ports/journal.ts';
import { MatrixError, type MatrixEvent } from '../ports/matrix.ts';
import type { VoiceRow } from '../ports/store.ts';
import { createBackoff } from './backoff.ts';
import { carryOut, type Ending } from './carry-out.ts';
import type { Context } from './context.ts';
import type { Turn } from './lanes.ts';
import type { Speakers } from './speakers.ts';
import { reasonOfError } from './tell.ts';
import type { Voices } from './voices.ts';

const ROWS_A_READ = 50;
/** So many that wait are passed over to find one whose voice need not. */
const MOST_PASSED = 1_000;

interface Parts {
  readonly voices: Voices;
  readonly speakers: Speakers;
  readonly ended: (delivery: Delivery, event: MatrixEvent) => void;
  readonly retrying: (delivery: Delivery, event: MatrixEvent, error: BridgeError) => void;
}

/** One delivery in hand, and the name under which what must wait with it waits. */
interface InHand {
  readonly portal: Portal;
  readonly row: Delivery;
  readonly event: MatrixEvent;
  readonly voice: VoiceRow | undefined;
  readonly waitName: string;
}

/**
 * Works what was said in Matrix to one network, portal by portal.
 *
 * In order, but that a message whose voice must wait is passed by those of other voices: its sender
 * had no answer yet, so nobody can have answered it. A voice's own messages never pass one another.
 */
export class PortalLane {
  readonly #context: Context;
  readonly #parts: Parts;
  readonly #backoff = createBackoff<string>();
  readonly #notBeforeMs = new Map<string, number>();
  #stopped = false;

  constructor(context: Context, parts: Parts) {
    this.#context = context;
    this.#parts = parts;
  }

  stop(): void {
    this.#stopped = true;
  }

  /** The voice is back: what waits for it is tried at once. */
  ready(voice: VoiceId): void {
    for (const key of this.#notBeforeMs.keys())
      if (key.endsWith(` ${voice}`)) this.#notBeforeMs.delete(key);
  }

  /** One turn of a portal's lane: everything that need not wait. */
  async work(portalId: number): Promise<Turn> {
    const { storage } = this.#context;
    const portal = await storage.portals.byId(portalId);
    const waiting = new Map<string, number>();
    for (let after = 0, passed = 0; portal && passed < MOST_PASSED; ) {
      const rows = await storage.journal.head(portal.id, ROWS_A_READ, after);
      for (const row of rows) await this.#workOne(portal, row, waiting);
      if (rows.length < ROWS_A_READ || this.#stopped) break;
      after = rows.at(-1)?.id ?? after;
      passed += waiting.size > 0 ? rows.length : 0;
    }
    if (waiting.size === 0) return undefined;
    return { waitMs: Math.max(0, Math.min(...waiting.values()) - this.#context.clock.now()) };
  }

  async #workOne(portal: Portal, row: Delivery, waiting: Map<string, number>): Promise<void> {
    if (this.#stopped) return;
    const event = this.#context.matrix.parse(row.json);
    const voice = await this.#voiceFor(portal, row, event);
    const waitName = voice?.id ?? event.sender;
    if (waiting.has(waitName)) return;
    const inHand = { portal, row, event, voice, waitName };
    const heldUntilMs = this.#notBeforeMs.get(keyOf(inHand)) ?? 0;
    const untilMs =
      heldUntilMs > this.#context.clock.now() ? heldUntilMs : await this.#attempt(inHand);
    if (untilMs !== undefined) waiting.set(waitName, untilMs);
  }

  /** What was begun with a voice ends with it: its parts and keys were made for it. */
  async #voiceFor(portal: Portal, row: Delivery, event: MatrixEvent) {
    const begun = row.begun && (await this.#context.storage.voices.byId(row.begun.voice));
    return begun ?? this.#parts.voices.pick(portal, event.sender);
  }

  /** @returns until when its voice waits; `undefined`: it has ended. */
  async #attempt(inHand: InHand): Promise<number | undefined> {
    const key = keyOf(inHand);
    try {
      const { ending, writes } = await carryOut(this.#context, this.#parts, inHand);
      await this.#end(inHand, ending, writes);
      this.#backoff.succeeded(key);
      this.#notBeforeMs.delete(key);
      return undefined;
    } catch (error) {
      return this.#failed(inHand, asBridgeError(error));
    }
  }

  async #end({ row, event }: InHand, ending: Ending, writes: readonly Write[] = []): Promise<void> {
    const { storage, clock, log, statusEvents } = this.#context;
    const isDelivered = ending.as === 'delivered';
    const end: Write = {
      kind: 'ended',
      delivery: row.id,
      atMs: clock.now(),
      ...ending,
      tell: statusEvents || !isDelivered,
    };
    await storage.journal.commit([...writes, end]);
    if (!isDelivered)
      log('warn', 'A message did not get over', {
        delivery: `d${row.id}`,
        portal: row.portal,
        outcome: ending.as,
        reason: ending.reason,
      });
    this.#parts.ended(row, event);
  }

  async #failed(inHand: InHand, error: BridgeError): Promise<number | undefined> {
    const { storage, clock, log } = this.#context;
    const { row, event } = inHand;
    const isLate = clock.now() - row.waitsSinceMs > this.#maxAgeMs(error);
    if (isLate || error.advice.retry === 'never') {
      const now = (await storage.journal.delivery(row.id)) ?? row;
      const mayBeThere = now.begun?.inDoubt || error.effect === 'unknown';
      const as: Outcome = mayBeThere ? 'unknown' : 'failed';
      await this.#end(inHand, { as, reason: reasonOfError(error) });
      return undefined;
    }
    const key = keyOf(inHand);
    const waitMs = this.#backoff.failed(key, error.retryAfterMs);
    this.#notBeforeMs.set(key, clock.now() + waitMs);
    log('info', 'A message waits', {
      delivery: `d${row.id}`,
      waitMs: Math.round(waitMs),
      error: error.message,
    });
    this.#parts.retrying(row, event, error);
    return clock.now() + waitMs;
  }

  #maxAgeMs({ code }: BridgeError): number {
    return code === 'logged_out' ? this.#context.maxAgeLoggedOutMs : this.#context.maxAgeMs;
  }
}

const keyOf = ({ portal, waitName }: InHand): string => `${portal.id} ${waitName}`;

/** What could not be asked of the homeserver waits like a network that is away. */
function asBridgeError(error: unknown): BridgeError {
  if (error instanceof BridgeError) return error;
  if (error instanceof MatrixError)
    return new BridgeError('unreachable', error.message, { effect: 'none', cause: error });
  throw error;
}
