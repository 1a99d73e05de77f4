import type { RemoteEvent } from '../adapter/remote-event.ts';
import type { StateChange } from '../adapter/state.ts';
import type { MatrixEventId, MatrixRoomId, MatrixUserId } from '../model/matrix-ids.ts';
import type { MessageLink } from '../model/message-link.ts';
import type { ChatView, RemoteMessageId, VoiceId } from '../model/remote-ids.ts';

export type { RemoteEvent } from '../adapter/remote-event.ts';
export type { StateChange } from '../adapter/state.ts';

/** How a delivery ends. `unknown`: it may have arrived, and nobody can say; its sender is told so. */
export type Outcome = 'delivered' | 'failed' | 'unknown';

/** It waits for the portal; or it has ended so, and is kept. */
export type Owed = 'waiting' | Exclude<Outcome, 'delivered'>;

/** One thing that a commit writes down. */
export type Write =
  /** Events from the homeserver, in its order. One that was ever journalled before is skipped. */
  | {
      readonly kind: 'matrix-events';
      readonly atMs: number;
      readonly events: readonly {
        readonly id: MatrixEventId;
        readonly roomId: MatrixRoomId;
        readonly json: string;
      }[];
    }
  /** What the homeserver sent and nobody can read: kept for a person to look at. */
  | {
      readonly kind: 'kept-aside';
      readonly atMs: number;
      readonly bytes: Uint8Array;
      readonly reason: string;
    }
  /**
   * A room was looked through: for these portals it is accounted for up to its event `upTo`.
   *
   * `events`: what was missed, and what waits of the part that was looked through, oldest first. That
   * is their order in the room's lane now; what was journalled after `place` and is not among them
   * stays behind them. What came meanwhile is not missed.
   */
  | {
      readonly kind: 'caught-up';
      readonly roomId: MatrixRoomId;
      readonly atMs: number;
      readonly portals: readonly number[];
      readonly place: number;
      readonly upTo: MatrixEventId;
      /** The newest events of the room, `upTo` first: `SeenLately` for the next look. */
      readonly seen: readonly MatrixEventId[];
      readonly events: readonly FoundEvent[];
    }
  /**
   * Understood: one delivery per portal, each with a lane and a fate of its own. None: the event
   * was not for any network, and its body is emptied.
   */
  | { readonly kind: 'deliveries'; readonly of: MatrixEventId; readonly portals: readonly number[] }
  /** An event that no handler survives: a dead letter, so that its room's lane goes on. */
  | { readonly kind: 'poison'; readonly of: MatrixEventId; readonly reason: string }
  /**
   * The step before the first `send`, with `encode` or without: in doubt from here. Written again
   * after `stale`, when it replaces the parts that were not sent.
   */
  | {
      readonly kind: 'begun';
      readonly delivery: number;
      readonly voice: VoiceId;
      readonly atMs: number;
      readonly parts: readonly {
        readonly key: string;
        /** `null` where the handler has no `encode`. */
        readonly wire: Uint8Array | null;
      }[];
    }
  /** Clears the doubt after an effect of `none`, so that a start just sends; sets it before the next try. */
  | { readonly kind: 'doubt'; readonly delivery: number; readonly is: boolean }
  | {
      readonly kind: 'part-sent';
      readonly delivery: number;
      readonly part: number;
      readonly ids: readonly RemoteMessageId[];
    }
  /**
   * `delivered` empties the delivery's wire bytes, and the event's body with its last delivery: only
   * keys stay. `failed` and `unknown` keep the body as a dead letter, until it expires.
   *
   * `tell` asks for its sender to be told (`notices`). A delivery whose notice stands is told of
   * again without asking, as a notice must not go on saying what is no longer so.
   */
  | {
      readonly kind: 'ended';
      readonly delivery: number;
      readonly as: Outcome;
      readonly atMs: number;
      readonly reason?: string;
      readonly tell?: boolean;
    }
  /**
   * A delivery's sender was told of its outcome. `revision`: as it was in the `Notice`; if the outcome
   * has changed since, it is still due. Absent: they were told how it is now. `eventId`: the notice
   * that says so, absent when none was needed.
   */
  | {
      readonly kind: 'told';
      readonly delivery: number;
      readonly revision?: number;
      readonly eventId?: MatrixEventId;
    }
  /**
   * Events from a network, in its order. One whose `key` was seen in its view before is skipped; the
   * first with a part's key as `echoOf` marks that part sent, if it was not, with the event's id, and
   * goes no further, nor does one that repeats that first one's `key` or id. Of the others one delivery
   * is made for each portal of their chat. Where it has none, or something older waits for one, they
   * go to their chat's lane.
   */
  | {
      readonly kind: 'remote-events';
      readonly network: string;
      readonly atMs: number;
      readonly events: readonly RemoteEvent[];
    }
  /** The same for an event of a chat's lane. No portals: nobody is there to hear it. */
  | { readonly kind: 'remote-deliveries'; readonly of: number; readonly portals: readonly number[] }
  | {
      readonly kind: 'remote-ended';
      readonly delivery: number;
      readonly as: 'delivered' | 'failed';
      readonly atMs: number;
      readonly reason?: string;
    }
  | { readonly kind: 'link'; readonly link: MessageLink }
  | { readonly kind: 'state'; readonly network: string; readonly change: StateChange };

/** An event that a look into its room found. Without `missed`: it waits in the room's lane already. */
export interface FoundEvent {
  readonly id: MatrixEventId;
  readonly missed?: {
    readonly json: string;
    /** Newer ones of its room were worked before it. */
    readonly late: boolean;
    /** The last portal of its room that was linked when it was said: it is not for later ones. */
    readonly lastPortal: number;
  };
}

/**
 * How far a portal's room is accounted for: what is not newer than the event, nor than anything of
 * the room that was journalled up to `place`, had come, is told as a hole, or is older than the link.
 */
export interface Accounted {
  readonly portal: number;
  /** Absent where none was known, and then only `place` tells. */
  readonly upTo?: MatrixEventId;
  readonly place: number;
  readonly atMs: number;
}

/** Some of the newest events of a room, as the last look has found them. */
export interface SeenLately {
  readonly ids: ReadonlySet<MatrixEventId>;
  /** The newest of the portals that the room had then. */
  readonly lastPortal: number;
}

/** An event from the homeserver that was not yet understood. */
export interface MatrixEventRow {
  readonly id: MatrixEventId;
  readonly roomId: MatrixRoomId;
  readonly json: string;
  readonly receivedAtMs: number;
  /** It was missed, and newer ones of its room were worked before it. */
  readonly late?: true;
  /** It was missed, and is not for portals that were linked after this one. */
  readonly lastPortal?: number;
}

/** What is known of one part. `ids` only once it is sent, empty where the network gave none. */
export interface DeliveryPart {
  readonly key: string;
  readonly wire: Uint8Array | null;
  readonly ids?: readonly RemoteMessageId[];
}

/** A Matrix event on its way to one portal. */
export interface Delivery {
  readonly id: number;
  readonly portal: number;
  readonly eventId: MatrixEventId;
  readonly json: string;
  readonly receivedAtMs: number;
  /** Newer ones of its room were worked before it. */
  readonly late?: true;
  /** Since when it has been tried: since it came, or since an operator put it back. */
  readonly waitsSinceMs: number;
  /** Absent: certainly not sent. In doubt: the first part without `ids` may have been, those after it not. */
  readonly begun?: {
    readonly voice: VoiceId;
    readonly inDoubt: boolean;
    readonly atMs: number;
    readonly parts: readonly DeliveryPart[];
  };
}

/** A remote event that has not yet found its portals. */
export interface RemoteEventRow {
  /** Grows with the order of arrival. */
  readonly seq: number;
  readonly network: string;
  readonly event: RemoteEvent;
  readonly receivedAtMs: number;
}

/** A remote event on its way to one portal. */
export interface RemoteDelivery extends RemoteEventRow {
  readonly id: number;
  readonly portal: number;
}

/** A delivery that has ended and whose sender is to be told, or told otherwise than before. */
export interface Notice {
  readonly delivery: number;
  readonly portal: number;
  readonly eventId: MatrixEventId;
  readonly roomId: MatrixRoomId;
  readonly outcome: Outcome;
  readonly reason?: string;
  /** Grows with each change of the outcome. */
  readonly revision: number;
  readonly endedAtMs: number;
  /** The notice that stands already: edited, not repeated. */
  readonly noticeId?: MatrixEventId;
}

/** Which lanes have work. Read at a start, and when another process has written. */
export interface Pending {
  readonly rooms: readonly MatrixRoomId[];
  readonly portals: readonly number[];
  readonly chats: readonly (ChatView & { readonly network: string })[];
  readonly remotePortals: readonly number[];
  readonly noticeRooms: readonly MatrixRoomId[];
}

/** What was heard and not yet dealt with. Survives `kill -9` and power loss. */
export interface Journal {
  /**
   * All of it is on disk when this resolves with `written`, none of it with `stale`: the `from` of a
   * change no longer held. Concurrent calls share one flush, each with an answer of its own. While the
   * disk takes nothing they wait, and keep their order. What is on its way to the disk can be read already,
   * but for `remoteHead`.
   *
   * `soon`: what a crash may undo. Resolves as soon as it is read as if it were on disk, where it is with
   * the next commit that somebody waits for, or some milliseconds later.
   */
  commit(writes: readonly Write[], when?: 'soon'): Promise<'written' | 'stale'>;

  /** Resolves once all that was committed before is on disk. Nobody may be told of it earlier. */
  onDisk(): Promise<void>;

  pending(): Promise<Pending>;

  /**
   * Whether anything changed since the last call that nobody was woken for: another process (a command
   * of the operator) has written, or what was read was undone for a while, as the disk took nothing.
   */
  changedUnseen(): Promise<boolean>;

  /**
   * The heads of the lanes, oldest first. Lanes are read as they are worked: the disk is the queue.
   * `roomHead`: events not yet understood. `head`, `remoteHead`: deliveries that have not ended.
   * `after`: only rows with a greater id than this. `notOf`: none of what these have sent.
   */
  roomHead(roomId: MatrixRoomId, limit: number): Promise<readonly MatrixEventRow[]>;
  head(
    portal: number,
    limit: number,
    after?: number,
    notOf?: readonly MatrixUserId[],
  ): Promise<readonly Delivery[]>;
  chatHead(network: string, view: ChatView, limit: number): Promise<readonly RemoteEventRow[]>;
  remoteHead(portal: number, limit: number, after?: number): Promise<readonly RemoteDelivery[]>;
  notices(roomId: MatrixRoomId, limit: number): Promise<readonly Notice[]>;

  /** As it is now: an echo may have settled a part in the meantime. */
  delivery(id: number): Promise<Delivery | undefined>;

  /** Whether anything that was begun by then, and has not ended, may have been sent to this portal. */
  hasDoubt(portal: number, begunByMs: number): Promise<boolean>;

  /** What a network is still owed of this event. Absent: nothing, or nobody knows of it any more. */
  owed(portal: number, eventId: MatrixEventId): Promise<Owed | undefined>;

  /** Who sent an event, once it was understood. Absent: it never came. */
  senderOf(eventId: MatrixEventId): Promise<MatrixUserId | undefined>;

  /** When an event came from the homeserver for the first time, in milliseconds. Absent: it never did. */
  receivedAtMs(eventId: MatrixEventId): Promise<number | undefined>;

  /** Where an event stands: what is journalled later has a greater place. Absent: it never came. */
  known(
    eventId: MatrixEventId,
  ): Promise<{ readonly place: number; readonly waits: boolean } | undefined>;

  /**
   * How far a room is accounted for, by portal, and the newest place of all. An encrypted room has
   * no portals here.
   */
  accounted(roomId: MatrixRoomId): Promise<{
    readonly place: number;
    readonly portals: readonly Accounted[];
    readonly seen?: SeenLately;
  }>;

  /** The rooms of the newest events, whichever was heard from last first. */
  heardLately(): Promise<readonly MatrixRoomId[]>;

  /** The newest that was journalled of a chat. */
  newest(
    network: string,
    view: ChatView,
  ): Promise<{ id?: RemoteMessageId; atMs: number } | undefined>;
}

/** What an operator looks into and mends, from a process of its own or from within the bridge. */
export interface Repairs {
  /** What waits, oldest first, without a word of what was said. */
  queue(limit: number): Promise<readonly QueueItem[]>;
  deadLetters(limit: number): Promise<readonly DeadLetter[]>;
  /** How much waits and was given up, of networks that have any. Costs as much as there is. */
  amounts(): Promise<readonly Amount[]>;
  /** How much of what somebody said waits to go to which network, of those where any does. */
  waitingOf(sender: MatrixUserId): Promise<readonly Pick<Amount, 'network' | 'waiting'>[]>;
  /** Puts a dead letter back into its lane, at its old place. False: there is none of that id. */
  retry(id: string): Promise<boolean>;
  /** Forgets a dead letter's body for good. False: there is none of that id. */
  discard(id: string): Promise<boolean>;
  /** Forgets dead letters that ended before this. How many. */
  expire(beforeMs: number): Promise<number>;
}

export interface QueueItem {
  /** `e12`: a Matrix event not understood yet; `d7`: a delivery to a network; `c3`: a remote event; `r9`: a delivery to Matrix. */
  readonly id: string;
  readonly receivedAtMs: number;
  readonly roomId?: MatrixRoomId;
  readonly network?: string;
  readonly chat?: string;
  /** It is marked begun: a send of it may be under way, or was cut off. */
  readonly inDoubt: boolean;
}

export interface DeadLetter extends Omit<QueueItem, 'inDoubt'> {
  /** `a4`: bytes kept aside that nobody could read, which can be discarded but not retried. */
  readonly outcome: 'failed' | 'unknown' | 'poison' | 'unreadable';
  readonly reason?: string;
  readonly endedAtMs: number;
}

/** Which way something goes. */
export type Direction = 'to_network' | 'to_matrix';

/** How much of a network stands in the journal, one way. */
export interface Amount {
  readonly network: string;
  readonly direction: Direction;
  /** Deliveries that have not ended. */
  readonly waiting: number;
  /** When the oldest of them came. Absent: none waits. */
  readonly oldestAtMs?: number;
  /** What has failed or is unknown, and is kept. */
  readonly dead: number;
}
