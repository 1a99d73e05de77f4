import { Courier } from './appservice/courier.ts';
import type { Pauses } from './appservice/pause.ts';
import type { Appservice } from './appservice/registration.ts';
import { Idempotency } from './idempotency.ts';
import type { Mishaps } from './mishaps/mishaps.ts';
import { Notifier } from './notifier.ts';
import type { Entry } from './room/event.ts';
import { Typing } from './typing.ts';
import type { Change } from './world/change.ts';
import type { JournalFile } from './world/journal-file.ts';
import type { MediaStore } from './world/media-store.ts';
import type { World } from './world/world.ts';

/** How it is set up, and what outlives its restart. */
export interface HomeserverParts extends Pauses {
  readonly serverName: string;
  readonly appservices: readonly Appservice[];
  /** As the journal says that it is. */
  readonly world: World;
  readonly journal: JournalFile | undefined;
  readonly files: MediaStore;
  readonly mishaps: Mishaps;
  /** Whether tests may look at it and make it go wrong over HTTP. */
  readonly hasControl: boolean;
  readonly losesQueue: boolean;
  readonly maxUploadBytes: number;
  readonly log: (line: string) => void;
}

/**
 * The homeserver behind its HTTP face: the world, those who must hear of what changes in it, and what
 * it keeps in memory only.
 */
export class Homeserver {
  readonly serverName: string;
  readonly appservices: readonly Appservice[];
  readonly world: World;
  readonly files: MediaStore;
  readonly mishaps: Mishaps;
  readonly hasControl: boolean;
  readonly maxUploadBytes: number;
  readonly log: (line: string) => void;
  readonly notifier = new Notifier();
  readonly idempotency = new Idempotency();
  readonly typing: Typing;
  readonly couriers: ReadonlyMap<string, Courier>;
  readonly #journal: JournalFile | undefined;
  #lastTransactionId: number;
  #isQuiet = true;
  #isClosed = false;

  constructor(parts: HomeserverParts) {
    this.serverName = parts.serverName;
    this.appservices = parts.appservices;
    this.world = parts.world;
    this.files = parts.files;
    this.mishaps = parts.mishaps;
    this.hasControl = parts.hasControl;
    this.maxUploadBytes = parts.maxUploadBytes;
    this.log = parts.log;
    this.#journal = parts.journal;
    // As Synapse on SQLite: ids begin anew where nothing waits.
    this.#lastTransactionId = this.world.queues.highestId();
    this.typing = new Typing((roomId) => this.#typingChanged(roomId));
    const couriers = parts.appservices.map((appservice) => new Courier(this, appservice, parts));
    this.couriers = new Map(couriers.map((courier) => [courier.appservice.id, courier]));
  }

  /** As a Synapse that was killed: what was in no transaction yet was only in its memory. */
  loseQueues(): void {
    for (const { id } of this.appservices)
      if (this.world.queues.of(id).waiting.length > 0)
        this.commit({ kind: 'queue-lost', appservice: id });
  }

  /**
   * Starts to deliver what an earlier run left undelivered; to an appservice that was down, only
   * once something concerns an appservice.
   */
  start(): void {
    for (const courier of this.couriers.values()) if (!courier.isDown) courier.wake();
  }

  #wakeAll(): void {
    if (!this.#isQuiet) return;
    this.#isQuiet = false;
    for (const courier of this.couriers.values()) courier.wake();
  }

  nextTransactionId(): number {
    this.#lastTransactionId += 1;
    return this.#lastTransactionId;
  }

  /** Makes it so: on disk first, then in memory, then told to whom it concerns. */
  commit(change: Change): void {
    // A request that has outlived it.
    if (this.#isClosed) throw new Error('The homeserver is closed');
    this.#journal?.append(change);
    this.world.apply(change);
    this.#tell(change);
  }

  #tell(change: Change): void {
    if (change.kind === 'event') {
      const { room_id: roomId, state_key: stateKey } = change.event;
      this.#wakeRoom(roomId, stateKey);
      for (const id of change.interested) this.couriers.get(id)?.eventCame();
      if (change.interested.length > 0) this.#wakeAll();
    } else if (change.kind === 'receipt') {
      this.#wakeRoom(change.roomId);
      for (const courier of this.couriers.values()) courier.receiptCame(change);
    } else if (change.kind === 'account-data') {
      this.notifier.wake((userId) => userId === change.userId);
    }
  }

  #typingChanged(roomId: string): void {
    this.#wakeRoom(roomId);
    for (const courier of this.couriers.values()) courier.typingCame(roomId);
  }

  #wakeRoom(roomId: string, also?: string): void {
    const joined = this.world.rooms.get(roomId)?.joined;
    this.notifier.wake((userId) => userId === also || joined?.has(userId) === true);
  }

  /** An entry of a room by its event, wherever it is. */
  entry(roomId: string, eventId: string): Entry | undefined {
    return this.world.rooms.get(roomId)?.byId.get(eventId);
  }

  isLocal(id: string): boolean {
    return id.slice(id.indexOf(':') + 1) === this.serverName;
  }

  close(): void {
    this.#isClosed = true;
    this.typing.close();
    for (const courier of this.couriers.values()) courier.close();
  }
}
