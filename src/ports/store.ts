import type { MatrixEventId, MatrixRoomId, MatrixUserId } from '../model/matrix-ids.ts';
import type { MessageLink } from '../model/message-link.ts';
import type { Portal } from '../model/portal.ts';
import type { ChatView, RemoteMessageId, RemoteUserId, VoiceId } from '../model/remote-ids.ts';
import type { Accounted, Journal, Repairs } from './journal.ts';

/** Where portals are kept. A lookup finds an empty list for "none"; only broken storage throws. */
export interface PortalStore {
  ofChat(network: string, view: ChatView): Promise<readonly Portal[]>;
  ofRoom(roomId: MatrixRoomId): Promise<readonly Portal[]>;
  byId(id: number): Promise<Portal | undefined>;
  /** Some of those whose id is greater, by id: of one network, or of all. None: there are no more. */
  after(id: number, network?: string): Promise<readonly Portal[]>;
  /**
   * Links a chat and a room, or gives back the link that is there.
   *
   * `since`: the newest event of the room, and the newest place in the journal before that was asked
   * for. What is older is not missed. Absent: whatever was journalled is older.
   */
  link(
    portal: Omit<Portal, 'id' | 'encrypted'>,
    since?: Pick<Accounted, 'upTo' | 'place'>,
  ): Promise<Portal>;
  /** Unlinks. What waited for the portal in either direction ends as failed. Its id is never used again. */
  unlink(id: number): Promise<void>;
  /**
   * All portals of a room are in another one from now on, which has none, with whatever waits for them.
   * `since`: what of the new room is older than that was not missed.
   */
  move(
    from: MatrixRoomId,
    to: MatrixRoomId,
    since: Pick<Accounted, 'upTo' | 'place'>,
  ): Promise<void>;
  /** Where the portals of a room went, and on from there. The room itself where they never went anywhere. */
  nowRoom(roomId: MatrixRoomId): Promise<MatrixRoomId>;
  /** From where portals came into a room. */
  roomsBefore(roomId: MatrixRoomId): Promise<readonly MatrixRoomId[]>;
  /** The room turned out to be encrypted. There is no way back: encryption cannot be switched off. */
  markEncrypted(roomId: MatrixRoomId): Promise<void>;
}

/** What the homeserver was last told about a ghost. What is absent it was never told. */
export interface GhostRow {
  readonly userId: MatrixUserId;
  readonly network: string;
  readonly remoteId: RemoteUserId;
  readonly name?: string;
  readonly avatar?: string;
}

/**
 * Ghosts that are registered, and the rooms they are in. Facts about the homeserver: it may know better.
 * So what is saved is read at once and on disk soon after: what a crash undoes is asked for again.
 */
export interface GhostStore {
  byUserId(userId: MatrixUserId): Promise<GhostRow | undefined>;
  save(ghost: GhostRow): Promise<void>;
  isJoined(userId: MatrixUserId, roomId: MatrixRoomId): Promise<boolean>;
  setJoined(userId: MatrixUserId, roomId: MatrixRoomId, joined: boolean): Promise<void>;
  joinedTo(roomId: MatrixRoomId): Promise<readonly GhostRow[]>;
}

/** Lookups of links; they are written by `Journal.commit`. In the order of `part`. */
export interface LinkStore {
  ofEvent(portal: number, eventId: MatrixEventId): Promise<readonly MessageLink[]>;
  ofRemote(portal: number, remoteId: RemoteMessageId): Promise<readonly MessageLink[]>;
}

/** A voice that was taken out. */
export interface VoiceRow {
  readonly id: VoiceId;
  readonly network: string;
  readonly kind: 'login' | 'enlisted' | 'relay';
  /** Whose it is. Absent for the relay. */
  readonly userId?: MatrixUserId;
  /** In use when the bridge was last heard of, and not let go: opened again at the next start. */
  readonly isOut: boolean;
}

export interface VoiceStore {
  byId(id: VoiceId): Promise<VoiceRow | undefined>;
  ofNetwork(network: string): Promise<readonly VoiceRow[]>;
  save(voice: VoiceRow): Promise<void>;
  /** Removes it and its adapter state. */
  remove(id: VoiceId): Promise<void>;
}

/** Reads an adapter's facts; they are written by `Journal.commit`. Encrypted at rest, keys not. */
export interface StateStore {
  get(network: string, voice: VoiceId | undefined, key: string): Promise<Uint8Array | undefined>;
  /** Keys that start with `prefix`, in byte order. */
  list(
    network: string,
    voice: VoiceId | undefined,
    prefix: string,
  ): AsyncIterable<readonly [key: string, value: Uint8Array]>;
}

/** Small facts of the bridge itself, such as the secret that its keys are made with. */
export interface FactStore {
  /** The fact, made and stored by `make` on first use. Encrypted at rest. */
  once(name: string, make: () => Uint8Array): Promise<Uint8Array>;
}

/** All that is kept, in one database: so that one commit can span it. */
export interface Storage {
  readonly journal: Journal;
  readonly repairs: Repairs;
  readonly portals: PortalStore;
  readonly ghosts: GhostStore;
  readonly links: LinkStore;
  readonly voices: VoiceStore;
  readonly state: StateStore;
  readonly facts: FactStore;
  /** Whether what is written gets to the disk, as far as the last write could tell. A lock of moments does not count. */
  isWritable(): boolean;
  /**
   * Wipes what was forgotten out of the files: until then a log beside the database may hold it. Called
   * now and then by the engine; it is put off while another process reads.
   */
  tidy(): Promise<void>;
  close(): Promise<void>;
}
