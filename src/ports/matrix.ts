import type { MatrixEventId, MatrixRoomId, MatrixUserId } from '../model/matrix-ids.ts';
import type { Media, MessageBody, Stretch } from '../model/message-body.ts';
import type { MediaRef } from '../model/remote-ids.ts';

export type { MessageBody } from '../model/message-body.ts';

/** What every Matrix event says of itself. */
interface Common {
  readonly id: MatrixEventId;
  readonly roomId: MatrixRoomId;
  readonly sender: MatrixUserId;
  /** By the homeserver's clock, which may be wrong. */
  readonly sentAtMs: number;
  /** Carried by what a bridge sent. Counts only where the sender is one of ours: anyone can copy it. */
  readonly mark?: Mark;
}

/** Where a bridged event came from. */
export interface Mark {
  /** A hash that is the same in every attempt to send this, and in no other event. */
  readonly marker: string;
  /** The portal that it was bridged through. Absent: the bridge itself said it (a notice). */
  readonly portal?: number;
}

/** What a room is called, and what it is about. */
export type TitlePart = 'name' | 'topic';

export interface Title {
  readonly text: string;
  /** The event that says so. Absent: there is none, or the homeserver does not tell. */
  readonly by?: { readonly id: MatrixEventId; readonly sender: MatrixUserId };
}

/** Where the text of a body names a Matrix user. */
export interface MatrixMention extends Stretch {
  readonly userId: MatrixUserId;
}

/** One entry per kind of Matrix event that the bridge understands. */
interface Payloads {
  message: {
    readonly body: MessageBody;
    readonly mentions?: readonly MatrixMention[];
    readonly replyTo?: MatrixEventId;
    readonly threadRoot?: MatrixEventId;
  };
  /** Of another message. Valid only from its sender, which the reader cannot see and must check. */
  edit: {
    readonly target: MatrixEventId;
    readonly body: MessageBody;
    readonly mentions?: readonly MatrixMention[];
  };
  redaction: { readonly target: MatrixEventId; readonly reason?: string };
  reaction: { readonly target: MatrixEventId; readonly emoji: string };
  member: {
    readonly who: MatrixUserId;
    readonly is: 'join' | 'leave' | 'invite' | 'ban' | 'knock';
    /** What it was before; absent where the homeserver does not say. */
    readonly was?: 'join' | 'leave' | 'invite' | 'ban' | 'knock';
    readonly displayName?: string;
    readonly avatar?: MediaRef;
    readonly reason?: string;
    /** An invitation to a direct chat. */
    readonly isDirect: boolean;
    /** Of an invitation: the room is encrypted already. */
    readonly isEncrypted?: boolean;
  };
  /** What the room is called, or about, from now on. Empty: nothing any more. */
  title: { readonly part: TitlePart; readonly text: string };
  /** Whose power is another one than before. */
  power: {
    readonly changes: readonly {
      readonly who: MatrixUserId;
      readonly was: number;
      readonly is: number;
    }[];
  };
  /** Encryption was switched on in the room. */
  'encryption-on': { readonly algorithm: string };
  encrypted: object;
  tombstone: { readonly replacement?: MatrixRoomId };
  /** A rule of a policy room has come, changed or gone. */
  policy: object;
  /** Says something that cannot be bridged yet: its sender is told. `what` is for people: `a poll`. */
  unsupported: { readonly what: string };
  /** Says nothing to anybody: other state, an event that was redacted before it came, an unknown type. */
  ignored: object;
}

export type MatrixEventKind = keyof Payloads;

/** A Matrix event, understood. Made by `MatrixPort.parse`. */
export type MatrixEvent<K extends MatrixEventKind = MatrixEventKind> = {
  [P in K]: { readonly kind: P } & Common & Payloads[P];
}[K];

/** What people do in passing, of one room. */
export type MatrixHint =
  /** Everybody who types at this moment, ghosts included. */
  | {
      readonly kind: 'typing';
      readonly roomId: MatrixRoomId;
      readonly who: readonly MatrixUserId[];
    }
  /** Somebody is away, with the words for it or none, or there. Of no room. */
  | { readonly kind: 'presence'; readonly who: MatrixUserId; readonly away?: string }
  /** Up to which event each has read, as far as they let everybody know. */
  | {
      readonly kind: 'read';
      readonly roomId: MatrixRoomId;
      readonly reads: readonly { readonly who: MatrixUserId; readonly upTo: MatrixEventId }[];
    };

/** A file that lies at the homeserver, and what was said of it. */
export interface SentFile {
  /** Its `mxc:` URI. */
  readonly url: string;
  readonly media: Media;
}

/** Something to say in a room. The bridge's own notices are `notice`. */
export type MatrixContent =
  | {
      readonly kind: 'message';
      readonly body: MessageBody;
      /** The text is its caption. */
      readonly file?: SentFile;
      readonly mentions?: readonly MatrixMention[];
      readonly replyTo?: MatrixEventId;
      readonly threadRoot?: MatrixEventId;
    }
  | {
      readonly kind: 'edit';
      readonly target: MatrixEventId;
      readonly body: MessageBody;
      readonly file?: SentFile;
      readonly mentions?: readonly MatrixMention[];
    }
  | { readonly kind: 'reaction'; readonly target: MatrixEventId; readonly emoji: string }
  | {
      readonly kind: 'notice';
      readonly text: string;
      readonly replyTo?: MatrixEventId;
      /** A notice of ours that this one takes the place of. */
      readonly replaces?: MatrixEventId;
    }
  /** What became of a message, for clients that show it (`com.beeper.message_send_status`). */
  | {
      readonly kind: 'status';
      readonly of: MatrixEventId;
      readonly network: string;
      readonly outcome: 'delivered' | 'retrying' | 'failed' | 'unknown';
      readonly reason?: string;
    };

export interface SendRequest {
  readonly roomId: MatrixRoomId;
  readonly as: MatrixUserId;
  readonly content: MatrixContent;
  /**
   * Unique over everything that this appservice ever sends, and the same in every attempt:
   * homeservers key their memory on path and appservice, not on the ghost.
   */
  readonly txnId: string;
  readonly mark: Mark;
  /** When it was really said, if that is worth telling. */
  readonly sentAtMs?: number;
}

/**
 * A request that the homeserver refused or did not answer.
 *
 * `kind` says what to do. `ambiguous`: no answer, or one from which its effect cannot be known (5xx):
 * it may have happened. `away`: certainly not done, the homeserver cannot be reached or is busy.
 * `refused`: it said no, and will again. `token`: it no longer knows this appservice's token.
 */
export class MatrixError extends Error {
  override readonly name = 'MatrixError';
  readonly kind: 'ambiguous' | 'away' | 'refused' | 'token';
  /** Absent when there was no answer. */
  readonly status: number | undefined;
  readonly errcode: string | undefined;
  /** Such as `PUT /rooms/{}/send/{}/{}`: never with the ids or a token in it. */
  readonly endpoint: string;
  readonly retryAfterMs: number | undefined;

  constructor(
    kind: MatrixError['kind'],
    message: string,
    about: {
      endpoint: string;
      status?: number;
      errcode?: string;
      retryAfterMs?: number;
      cause?: unknown;
    },
  ) {
    super(message, 'cause' in about ? { cause: about.cause } : undefined);
    this.kind = kind;
    this.status = about.status;
    this.errcode = about.errcode;
    this.endpoint = about.endpoint;
    this.retryAfterMs = about.retryAfterMs;
  }
}

/** An event of a room's past. */
export interface RoomEvent {
  readonly event: MatrixEvent;
  /** The event object, as it is pushed in a transaction. */
  readonly whole: unknown;
}

/** What the room of a portal says about the network it is bridged to. `protocol`: `IRC`, `irc`. */
export interface BridgeInfo {
  readonly protocol: { readonly id: string; readonly displayName: string };
  /** `icon`: an `mxc://` address. */
  readonly network: { readonly id: string; readonly displayName: string; readonly icon?: string };
  readonly chat: { readonly id: string; readonly displayName: string };
  /** Whoever asked for the bridge. */
  readonly creator?: MatrixUserId;
  readonly isDirect: boolean;
}

export interface NewRoom {
  /** The local part of an alias, by which it is found again: without `#` and without the server. */
  readonly aliasLocalpart: string;
  readonly as: MatrixUserId;
  readonly name?: string;
  readonly topic?: string;
  readonly invite: readonly MatrixUserId[];
  readonly isDirect: boolean;
  /** Whoever may talk there may join: a public channel's portal. */
  readonly isPublic: boolean;
}

export interface RoomMember {
  readonly userId: MatrixUserId;
  readonly displayName?: string;
  readonly avatar?: MediaRef;
}

/** Who is banned by a policy room: users, or the users of servers. In a mask `*` is any text and `?` any letter. */
export interface PolicyRule {
  readonly about: 'user' | 'server';
  readonly mask: string;
}

/** Who may speak in a room. What is lifted is only what was set so. */
export interface Speech {
  /** Those speak who have at least so much. */
  readonly power: number;
  /** People who are given as much. Absent: everybody may speak, and nobody needs it. */
  readonly speakers?: ReadonlySet<MatrixUserId>;
  readonly isPerson: (userId: string) => boolean;
}

/**
 * The Matrix side, as the engine sees it. Every method rejects with `MatrixError` and with nothing
 * else. A limit (429) is waited out inside, though one on who comes and goes, or how they look, for two
 * seconds only; any other failure is the caller's to try again.
 */
export interface MatrixPort {
  readonly serverName: string;
  /** The bridge bot. It is a user of the namespace, not the appservice's sender. */
  readonly bot: MatrixUserId;

  /** Understands an event of a transaction. Pure. @throws {SyntaxError} when it is no event at all. */
  parse(json: string): MatrixEvent;
  /** Understands what is ephemeral in a transaction. Pure, never throws. `undefined`: it says nothing. */
  parseHint(edu: unknown): MatrixHint | undefined;

  /** Whoever is registered already counts as done. */
  register(userId: MatrixUserId): Promise<void>;
  /** Sets what is given. `null` removes. */
  setProfile(
    userId: MatrixUserId,
    profile: { readonly name?: string | null; readonly avatar?: string | null },
  ): Promise<void>;

  send(request: SendRequest): Promise<MatrixEventId>;
  /** Redacting what is redacted already is done without a second event. */
  redact(
    request: Omit<SendRequest, 'content' | 'sentAtMs'> & {
      readonly target: MatrixEventId;
      readonly reason?: string;
    },
  ): Promise<void>;

  /**
   * The transaction id under which one of ours sent an event. It outlives a redaction, which takes
   * the mark away. `undefined`: the homeserver does not say.
   */
  transactionId(
    roomId: MatrixRoomId,
    eventId: MatrixEventId,
    sender: MatrixUserId,
  ): Promise<string | undefined>;

  /** An event, as the bot sees it now. `undefined`: it is not to be seen. One that was redacted says nothing. */
  event(roomId: MatrixRoomId, eventId: MatrixEventId): Promise<MatrixEvent | undefined>;

  /** Newest first, without end until the room's beginning. `as` must be in the room. */
  backwards(roomId: MatrixRoomId, as: MatrixUserId): AsyncIterable<RoomEvent>;

  /** Whether the homeserver answers now. */
  isThere(): Promise<boolean>;
  /**
   * How often it has gone away so far, as far as a request noticed, or the line that `isThere` holds.
   * Once it is back, what it had not pushed yet may be lost: a homeserver that is killed forgets it.
   */
  outages(): number;

  join(roomId: MatrixRoomId, as: MatrixUserId): Promise<void>;
  /** Joins by an id or an alias, also where the room is on another server. */
  joinNamed(room: string, as: MatrixUserId): Promise<MatrixRoomId>;
  invite(roomId: MatrixRoomId, who: MatrixUserId, as: MatrixUserId): Promise<void>;
  leave(roomId: MatrixRoomId, as: MatrixUserId, reason?: string): Promise<void>;
  kick(roomId: MatrixRoomId, who: MatrixUserId, as: MatrixUserId, reason?: string): Promise<void>;
  ban(roomId: MatrixRoomId, who: MatrixUserId, as: MatrixUserId, reason?: string): Promise<void>;
  unban(roomId: MatrixRoomId, who: MatrixUserId, as: MatrixUserId): Promise<void>;

  /** `undefined`: there is no such alias. */
  roomOfAlias(alias: string): Promise<MatrixRoomId | undefined>;
  /** Creates it, or gives back the room that has the alias already. */
  createRoom(room: NewRoom): Promise<MatrixRoomId>;
  /** Whether a room is in the homeserver's directory, under a network of this appservice. */
  setListed(network: string, roomId: MatrixRoomId, isListed: boolean): Promise<void>;
  joinedMembers(roomId: MatrixRoomId, as: MatrixUserId): Promise<readonly RoomMember[]>;
  /** How somebody appears in a room. `undefined`: they are not in it. */
  member(
    roomId: MatrixRoomId,
    who: MatrixUserId,
    as: MatrixUserId,
  ): Promise<RoomMember | undefined>;
  /** Whom a policy room bans now. */
  policyRules(roomId: MatrixRoomId, as: MatrixUserId): Promise<readonly PolicyRule[]>;
  isEncrypted(roomId: MatrixRoomId, as: MatrixUserId): Promise<boolean>;
  /** Whether somebody may change the room's state, and so may decide that it is bridged. */
  maySetState(roomId: MatrixRoomId, who: MatrixUserId): Promise<boolean>;
  /**
   * The room that takes this one's place, as its tombstone says. `undefined`: there is none, or none by somebody
   * who may decide about the room.
   */
  replacement(roomId: MatrixRoomId): Promise<MatrixRoomId | undefined>;
  /** The room whose place this one takes, as it says itself: anybody may make a room that says so. */
  predecessor(roomId: MatrixRoomId): Promise<MatrixRoomId | undefined>;
  /** Name and topic are set where they differ. Absent: left as they are. */
  setRoomInfo(
    roomId: MatrixRoomId,
    info: { readonly name?: string; readonly topic?: string },
  ): Promise<void>;
  /** What a room is called or about. Empty: the room has none. */
  title(roomId: MatrixRoomId, part: TitlePart): Promise<Title>;
  /** Written anew also where it is so already. */
  setTitle(request: {
    readonly roomId: MatrixRoomId;
    readonly as: MatrixUserId;
    readonly part: TitlePart;
    readonly text: string;
    readonly mark: Mark;
  }): Promise<void>;
  /**
   * Gives ghosts the power that is listed, and takes it from those of `of` that are not. Never as much as the bot
   * has, which could not be taken back. Nobody else's is touched, but for what `speech` says. In one event.
   */
  setPowers(
    roomId: MatrixRoomId,
    powers: ReadonlyMap<MatrixUserId, number>,
    of: (userId: string) => boolean,
    speech?: Speech,
  ): Promise<void>;
  /**
   * Lets people in by invitation only, or without one again. What somebody else has decided stays, in a
   * room where it is no longer as the bot left it.
   */
  setByInvitation(roomId: MatrixRoomId, isByInvitation: boolean): Promise<void>;
  /** Where it takes power to speak, gives somebody as much. @returns whether it was that which they lacked. */
  letSpeak(roomId: MatrixRoomId, who: MatrixUserId): Promise<boolean>;
  /** Writes `m.bridge` and its older twin where they differ. `undefined`: the bridge is gone. */
  setBridgeInfo(roomId: MatrixRoomId, key: string, info: BridgeInfo | undefined): Promise<void>;
  /** Adds users that are no people (`io.element.functional_members`). Others' entries stay. */
  addFunctionalMembers(roomId: MatrixRoomId, users: readonly MatrixUserId[]): Promise<void>;

  typing(roomId: MatrixRoomId, as: MatrixUserId, forMs: number): Promise<void>;
  /** Shows that one of ours is away, with the words for it or none, or there (`undefined`). */
  setPresence(as: MatrixUserId, away: string | undefined): Promise<void>;
  /** Shows that somebody has read an event, and what came before it. */
  markRead(roomId: MatrixRoomId, as: MatrixUserId, upTo: MatrixEventId): Promise<void>;

  /** Stores a file with the homeserver, streamed. @returns its `mxc:` URI. */
  upload(
    as: MatrixUserId,
    file: { readonly bytes: AsyncIterable<Uint8Array>; readonly mimeType?: string },
  ): Promise<string>;
  /** A file of an event, by its `mxc:` URI. */
  openMedia(ref: MediaRef, signal: AbortSignal): Promise<OpenFile>;
}

/** A file, as it is read. */
export interface OpenFile {
  readonly bytes: AsyncIterable<Uint8Array>;
  /** Absent where the homeserver does not say. */
  readonly sizeBytes?: number;
}
