import type { MessageBody } from '../model/message-body.ts';
import type { ChatView, RemoteMessageId, RemoteUserId, VoiceId } from '../model/remote-ids.ts';

/** What every remote event carries. Plain data: it is journalled. */
interface Common extends ChatView {
  /** When the network says it happened, in milliseconds since the Unix epoch. */
  readonly sentAtMs: number;
  /** The same when the network delivers the event again in this view. Absent: it never does. */
  readonly key?: string;
}

/**
 * Who can read what is said, beyond the people of the chat: nobody (`end_to_end`); a bridge on the machine of one of them
 * (`end_to_user_bridge`); this bridge, and whoever operates it (`end_to_bridge`); the network as well (`transport_only`). Nobody
 * is told of a better one than the worst that holds anywhere on the way.
 */
export type SecurityLevel =
  | 'end_to_end'
  | 'end_to_user_bridge'
  | 'end_to_bridge'
  | 'transport_only';

/** What carries a person's words. */
interface Said {
  readonly sender: RemoteUserId;
  /**
   * `Part.key` of our own message, coming back to the voice that sent it or to a chat without a
   * receiver. It is linked, not bridged, and settles a doubt. It may come before `send` resolves.
   * Only the first event with a key counts, as people can copy one: a second, unless it repeats
   * the first one's `key` or id, is bridged as what it is.
   */
  readonly echoOf?: string;
}

/** One entry per kind. Adding an entry makes every handler table fail to compile until it is handled. */
interface Payloads {
  message: Said & {
    readonly id: RemoteMessageId;
    readonly body: MessageBody;
    readonly replyTo?: RemoteMessageId;
  };
  edit: Said & { readonly target: RemoteMessageId; readonly body: MessageBody };
  /** Takes back a message, or a reaction that has an id. */
  removal: Said & { readonly target: RemoteMessageId };
  reaction: Said & {
    /** Where the network gives reactions ids of their own. */
    readonly id?: RemoteMessageId;
    readonly target: RemoteMessageId;
    readonly emoji: string;
    readonly removed: boolean;
  };
  /**
   * Somebody came, went, was invited, removed, banned or may come again. Of a voice of ours only what
   * somebody else did to it is told, with `voice`; its own coming and going is the core's doing.
   */
  member: {
    /** Who did it: `who`, or somebody with the power to. */
    readonly sender: RemoteUserId;
    readonly who: RemoteUserId;
    /** `who` is this voice of ours: its Matrix user is removed from the room, or invited to it, in its stead. */
    readonly voice?: VoiceId;
    readonly is: 'in' | 'out' | 'invited' | 'banned' | 'unbanned';
    readonly reason?: string;
  };
  /**
   * The chat is called or about something else. Absent: that stays. Its room takes over what it lacks,
   * so what one of ours did is told as well, but without a sender.
   */
  title: {
    /** Who did it. Absent: one of ours, or nobody knows. */
    readonly sender?: RemoteUserId;
    readonly name?: string;
    readonly topic?: string;
  };
  /**
   * Who else can read what is said in the chat, from now on: announced in it. An adapter says so of every chat that
   * it watches, with a `key` that is another one for each change; then each change is announced once.
   */
  security: { readonly level: SecurityLevel };
  /** What was said between `sinceMs` and `sentAtMs` cannot be had: recorded, and announced in the chat. */
  hole: { readonly sinceMs: number };
}

export type RemoteEventKind = keyof Payloads;

/** Something that happened on the remote network. `RemoteEvent<'edit'>` picks one kind. */
export type RemoteEvent<K extends RemoteEventKind = RemoteEventKind> = {
  [P in K]: { readonly kind: P } & Common & Payloads[P];
}[K];

/** What is worth nothing a minute later. */
export type Hint =
  /** For how long it holds, also where the network forgets it sooner. 0 ends it. */
  | { readonly kind: 'typing'; readonly forMs: number }
  /** Of no chat. `away`: with the words for it, or none. Absent: they are there. */
  | { readonly kind: 'presence'; readonly forMs: number; readonly away?: string }
  /** This message, and what came before it. One that is older than the last takes nothing back. */
  | { readonly kind: 'read' | 'received'; readonly upTo: RemoteMessageId };

/** A hint from the network. Never journalled; the newest per chat, sender and kind wins. */
export type RemoteHint = Partial<ChatView> & { readonly sender: RemoteUserId } & Hint;
