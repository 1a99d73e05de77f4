import { BridgeError } from '../adapter/errors.ts';
import type { MatrixUserId } from '../model/matrix-ids.ts';
import type { Portal } from '../model/portal.ts';
import type { VoiceId } from '../model/remote-ids.ts';
import type { Delivery, Outcome, Write } from '../ports/journal.ts';
import { MatrixError, type MatrixEvent } from '../ports/matrix.ts';
import type { VoiceRow } from '../ports/store.ts';
import { seldom } from '../util/seldom.ts';
import { createBackoff } from './backoff.ts';
import { type CarriedOut, carryOut } from './carry-out.ts';
import type { Context } from './context.ts';
import type { JoinRules } from './join-rules.ts';
import type { Turn } from './lanes.ts';
import { isOurs, isShutOut } from './ours.ts';
import type { Speakers } from './speakers.ts';
import { reasonOfError } from './tell.ts';
import type { UserRates } from './user-rates.ts';
import type { Voices } from './voices.ts';

const ROWS_A_READ = 50;
/** So many that wait are passed over to find one whose voice need not. */
const MOST_PASSED = 1_000;

interface Parts {
  readonly voices: Voices;
  readonly speakers: Speakers;
  readonly rules: JoinRules;
  readonly rates: UserRates;
  readonly ended: (outcome: Outcome, event: MatrixEvent, portal: Portal) => void;
  readonly retrying: (waiting: Retrying) => void;
}

/** Something that could not be sent now. `isFirst`: nothing of its voice waited in this portal before. */
export interface Retrying {
  readonly delivery: Delivery;
  readonly event: MatrixEvent;
  readonly error: BridgeError;
  readonly isFirst: boolean;
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
 * Until when something waits, with everything of the same name (a voice, or a person), and whether what
 * others say may pass it meanwhile.
 */
interface Wait {
  readonly name: string;
  readonly untilMs: number;
  readonly mayBePassed: boolean;
}

/**
 * Works what was said in Matrix to one network, portal by portal.
 *
 * In order: who answers a message has seen it in the room, so the answer may not come before it.
 * Only where the wait is a voice's own (the network's limit on it, a login that is gone) or a person's
 * (who says more than they may), or nothing was said in what waits (somebody came), do others pass; what
 * one voice or one person says never passes itself.
 * What is about a message that waits waits with it.
 */
export class PortalLane {
  readonly #context: Context;
  readonly #parts: Parts;
  readonly #backoff = createBackoff<string>();
  readonly #waits = new Map<string, Wait>();
  readonly #toldShutOut = seldom({ everyMs: 24 * 3_600_000, mostKeys: 10_000 });
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
    for (const key of this.#waits.keys()) if (key.endsWith(` ${voice}`)) this.#waits.delete(key);
  }

  /** A network is back: nothing waits for it any longer. */
  networkIsThere(): void {
    this.#waits.clear();
  }

  /** One turn of a portal's lane: everything that need not wait, nor behind what waits. */
  async work(portalId: number): Promise<Turn> {
    const { storage } = this.#context;
    const portal = await storage.portals.byId(portalId);
    const waiting = new Map<string, Wait>();
    for (let after = 0, passed = 0; portal && passed < MOST_PASSED; ) {
      const rows = await storage.journal.head(portal.id, ROWS_A_READ, after, peopleIn(waiting));
      const isHeld = await this.#workAll(portal, rows, waiting);
      if (isHeld || rows.length < ROWS_A_READ || this.#stopped) break;
      after = rows.at(-1)?.id ?? after;
      passed += waiting.size > 0 ? rows.length : 0;
    }
    if (waiting.size === 0) return undefined;
    const untilMs = Math.min(...[...waiting.values()].map((wait) => wait.untilMs));
    return { waitMs: Math.max(0, untilMs - this.#context.clock.now()) };
  }

  /** @returns whether everything behind them must wait. */
  async #workAll(
    portal: Portal,
    rows: readonly Delivery[],
    waiting: Map<string, Wait>,
  ): Promise<boolean> {
    for (const row of rows) {
      const wait = await this.#workOne(portal, row, waiting);
      if (wait?.mayBePassed === false) return true;
    }
    return false;
  }

  /** @returns how long it waits; `undefined`: it does not. */
  async #workOne(
    portal: Portal,
    row: Delivery,
    waiting: Map<string, Wait>,
  ): Promise<Wait | undefined> {
    if (this.#stopped) return undefined;
    const event = this.#context.matrix.parse(row.json);
    const voice = await this.#voiceFor(portal, row, event);
    const waitName = voice?.id ?? event.sender;
    const inHand = { portal, row, event, voice, waitName };
    const before = await this.#waitBefore(inHand, waiting);
    const wait = before ?? (await this.#attemptIfDue(inHand));
    if (wait === undefined) return undefined;
    waiting.set(event.id, wait);
    if (before === undefined) waiting.set(wait.name, wait);
    return wait;
  }

  /**
   * What this has to wait behind: its own voice or person, or the message that it is about (a reaction, a
   * redaction). Behind the latter it waits alone, as that may be somebody else's and wait for days.
   *
   * @param waiting by voices, people and events. Of people's not all that waits is read.
   */
  async #waitBefore({ portal, event, waitName }: InHand, waiting: ReadonlyMap<string, Wait>) {
    const own = waiting.get(event.sender) ?? waiting.get(waitName);
    if (own || waiting.size === 0 || !('target' in event)) return own;
    const { journal } = this.#context.storage;
    const whose = await journal.senderOf(event.target);
    const theirs = waiting.get(event.target) ?? (whose && waiting.get(whose));
    const waits = theirs && (await journal.owed(portal.id, event.target)) === 'waiting';
    return waits ? theirs : undefined;
  }

  async #attemptIfDue(inHand: InHand): Promise<Wait | undefined> {
    const held = this.#waits.get(keyOf(inHand));
    // What was tried before has been let through already.
    if (!held) return this.#holdsBack(inHand) ?? this.#attempt(inHand);
    return held.untilMs <= this.#context.clock.now() ? this.#attempt(inHand) : held;
  }

  /** Whether its sender has said as much as they may. */
  #holdsBack(inHand: InHand): Promise<Wait | undefined> | undefined {
    const { event, row, portal } = inHand;
    const isFree = isOurs(this.#context, event.sender) || isShutOut(this.#context, event.sender);
    if (row.begun || isFree) return undefined;
    const waitMs = this.#parts.rates.take(portal.network, event.sender);
    return waitMs === 0 ? undefined : this.#heldBack(inHand, waitMs);
  }

  /** Until they may say it, or it is too old. */
  async #heldBack(inHand: InHand, waitMs: number): Promise<Wait | undefined> {
    const { event, portal, row } = inHand;
    const why = `${event.sender} says more than they may on ${portal.network}`;
    const error = new BridgeError('rate_limited', why, { effect: 'none' });
    const leftMs = this.#leftMs(row, error);
    if (leftMs < 0) {
      await this.#giveUp(inHand, error);
      return undefined;
    }
    const untilMs = this.#context.clock.now() + Math.min(waitMs, leftMs + 1);
    return { name: event.sender, untilMs, mayBePassed: true };
  }

  /** What was begun with a voice ends with it: its parts and keys were made for it. */
  async #voiceFor(portal: Portal, row: Delivery, event: MatrixEvent) {
    const begun = row.begun && (await this.#context.storage.voices.byId(row.begun.voice));
    return begun ?? this.#parts.voices.pick(portal, event.sender);
  }

  /** @returns how long its voice waits; `undefined`: it has ended. */
  async #attempt(inHand: InHand): Promise<Wait | undefined> {
    const key = keyOf(inHand);
    try {
      await this.#end(inHand, await carryOut(this.#context, this.#parts, inHand));
      this.#backoff.succeeded(key);
      this.#waits.delete(key);
      return undefined;
    } catch (error) {
      return this.#failed(inHand, asBridgeError(error));
    }
  }

  async #end({ row, event, portal }: InHand, { ending, writes = [], isCertain }: CarriedOut) {
    const { storage, clock, log, statusEvents, metrics } = this.#context;
    const isDelivered = ending.as === 'delivered';
    const end: Write = {
      kind: 'ended',
      delivery: row.id,
      atMs: clock.now(),
      ...ending,
      tell: isDelivered ? statusEvents : this.#isWorthTelling(ending, portal, event),
    };
    await storage.journal.commit([...writes, end], isCertain ? 'soon' : undefined);
    const delayMs = end.atMs - row.waitsSinceMs;
    metrics.ended({
      ...{ network: portal.network, direction: 'to_network', outcome: ending.as, delayMs },
    });
    if (!isDelivered)
      log('warn', 'A message did not get over', {
        delivery: `d${row.id}`,
        portal: row.portal,
        outcome: ending.as,
        reason: ending.reason,
      });
    if (end.tell || isRetried(row)) this.#parts.ended(ending.as, event, portal);
  }

  /** Whoever is kept out could make the bot say as much as they do. */
  #isWorthTelling({ reason }: CarriedOut['ending'], { id }: Portal, { sender }: MatrixEvent) {
    const isShutOut = reason?.startsWith('shut_out:') ?? false;
    return !isShutOut || this.#toldShutOut.isDue(`${id} ${sender}`, this.#context.clock.now());
  }

  async #failed(inHand: InHand, error: BridgeError): Promise<Wait | undefined> {
    const { clock, log } = this.#context;
    const { row, event } = inHand;
    const key = keyOf(inHand);
    if (error.advice.retry === 'never' || this.#leftMs(row, error) < 0) {
      await this.#giveUp(inHand, error);
      this.#waits.delete(key);
      return undefined;
    }
    const waitMs = this.#backoff.failed(key, error.retryAfterMs);
    const mayBePassed = isOfTheVoice(error) || saysNothing(event);
    const wait = { name: inHand.waitName, untilMs: clock.now() + waitMs, mayBePassed };
    const isFirst = !this.#waits.has(key);
    this.#waits.set(key, wait);
    log('info', 'A message waits', {
      delivery: `d${row.id}`,
      waitMs: Math.round(waitMs),
      error: error.message,
    });
    this.#parts.retrying({ delivery: row, event, error, isFirst });
    return wait;
  }

  async #giveUp(inHand: InHand, error: BridgeError): Promise<void> {
    const { row, event } = inHand;
    // Not by the error's own word: it may be about the voice, and nothing was sent yet.
    const now = (await this.#context.storage.journal.delivery(row.id)) ?? row;
    const as: Outcome = now.begun?.inDoubt ? 'unknown' : 'failed';
    await this.#end(inHand, { ending: { as, reason: reasonOfError(error, event) } });
  }

  /** How long this may wait yet. */
  #leftMs({ waitsSinceMs }: Delivery, { code }: BridgeError): number {
    const { clock, maxAgeMs, maxAgeLoggedOutMs } = this.#context;
    return waitsSinceMs + (code === 'logged_out' ? maxAgeLoggedOutMs : maxAgeMs) - clock.now();
  }
}

const keyOf = ({ portal, waitName }: InHand): string => `${portal.id} ${waitName}`;

/** Only what has ended before can have a notice that says what is no longer so. */
const isRetried = ({ receivedAtMs, waitsSinceMs }: Delivery) => receivedAtMs !== waitsSinceMs;

/** Whatever else they say waits with it, so none of it need be read. */
const peopleIn = (waiting: ReadonlyMap<string, Wait>): readonly MatrixUserId[] =>
  [...waiting.keys()].filter((name): name is MatrixUserId => name.startsWith('@'));

/** Nobody answers a coming or going, so nothing said has to stay behind it. */
const saysNothing = ({ kind }: MatrixEvent) => kind === 'member';

const isOfTheVoice = ({ code }: BridgeError) => code === 'rate_limited' || code === 'logged_out';

/** What could not be asked of the homeserver waits like a network that is away. */
function asBridgeError(error: unknown): BridgeError {
  if (error instanceof BridgeError) return error;
  if (error instanceof MatrixError)
    return new BridgeError('unreachable', error.message, { effect: 'none', cause: error });
  throw error;
}
