import type { MessageBody } from '../model/message-body.ts';
import type { RemoteChatId, RemoteMessageId, RemoteUserId, VoiceId } from '../model/remote-ids.ts';
import type { StateChange } from './state.ts';
import type { Speaker } from './voice.ts';

/** Every id that a message got on the network, in order: one per line or file where it was split. */
export type MessageIds = readonly [RemoteMessageId, ...RemoteMessageId[]];

/** What is said, for where it is too long to be said. */
interface Linked {
  /**
   * Anybody who is told this address reads the text there, until it is taken back or the time is over that the
   * operator has set. Absent: the bridge has no address that the world can reach.
   */
  readonly link?: string;
}

/** What each kind of action carries, besides the chat and who did it. */
interface Payloads {
  message: Linked & { readonly body: MessageBody; readonly replyTo?: RemoteMessageId };
  edit: Linked & { readonly target: MessageIds; readonly body: MessageBody };
  removal: { readonly target: MessageIds };
  reaction: {
    readonly target: RemoteMessageId;
    readonly emoji: string;
    readonly removed: boolean;
    /** The reaction's own, where `send` gave one: for taking it back. */
    readonly id?: RemoteMessageId;
  };
  /** Done to somebody: kicked is `out`, a ban lifted `unbanned`. A voice's own coming and going is `join` and `leave`. */
  member: {
    readonly who: RemoteUserId;
    readonly is: 'in' | 'out' | 'invited' | 'banned' | 'unbanned';
    readonly reason?: string;
  };
  /**
   * People of the network, or of ours, have more or less power in the room than before. Setting it twice is the
   * same as once. Only for networks that say `takesPower`.
   */
  power: {
    readonly changes: readonly ({ readonly was: number; readonly is: number } & (
      | { readonly user: RemoteUserId }
      | { readonly voice: VoiceId }
    ))[];
  };
  /** What the chat is called or about from now on. Absent: it stays. An empty topic: about nothing. */
  title: { readonly name?: string; readonly topic?: string };
}

export type MatrixActionKind = keyof Payloads;

/** Something that somebody did in a portal room, in remote terms. */
export type MatrixAction<K extends MatrixActionKind = MatrixActionKind> = {
  [P in K]: {
    readonly kind: P;
    readonly chat: RemoteChatId;
    readonly speaker: Speaker;
  } & Payloads[P];
}[K];

/** One thing to put on the wire. Most actions have one; a long text on IRC has one per line. */
export interface Part<K extends MatrixActionKind> {
  /** The same in every attempt, also after a crash: an idempotency key or a tag where there is one. */
  readonly key: string;
  readonly action: MatrixAction<K>;
  /** What `encode` built. Absent when the handler has no `encode`. */
  readonly wire?: Uint8Array;
  readonly firstTriedAtMs: number;
}

/** What `encode` built. */
export interface Encoded {
  /** None: there is nothing to say, and it counts as delivered. */
  readonly parts: readonly Uint8Array[];
  readonly save?: readonly StateChange[];
}

/** What the network gave back. */
export interface Sent {
  /** Empty where the network gives no ids. */
  readonly ids: readonly RemoteMessageId[];
  /** It has happened and cannot be refused any more: hence without `from`. */
  readonly save?: readonly Omit<StateChange, 'from'>[];
}

/**
 * Carries out one kind of action, in steps that a crash may separate.
 *
 * `encode`, commit, `send` part by part, each with a commit. One action of a portal and voice is
 * under way at a time; a voice that speaks in many portals is called from all of them at once. Each
 * step rejects with `BridgeError` and gives up when `signal` aborts. Any other rejection counts as
 * `protocol`, from `send` with effect `unknown`.
 */
export interface Handler<K extends MatrixActionKind> {
  /**
   * Turns the action into the bytes to send. Nobody on the network can see an effect of it: a file
   * may be uploaded here, if need be twice.
   *
   * Parts and `save` are on disk before the first `send`; a retry sends the same bytes. This is the
   * only place where a message key is taken from a ratchet. It is called anew, and reads its state
   * anew, after a crash before the commit, a `from` that no longer held, or `stale`. What was
   * committed before stays: a key of an abandoned message is burnt, never taken back. It cuts the
   * action into the same parts each time, as those already sent are not sent again.
   */
  encode?(action: MatrixAction<K>, signal: AbortSignal): Promise<Encoded>;

  /** Resolves once the network has it for certain. */
  send(part: Part<K>, signal: AbortSignal): Promise<Sent>;

  /** The network drops a second `send` of the same `part.key`: after a doubt the core just sends again. */
  readonly dropsRepeats?: true;

  /**
   * After a doubt (an `unknown` effect, a crash): did it arrive? Without it a doubt stays one, unless
   * `echoOf` settles it.
   *
   * `absent`: it is not there and can no longer get there, so it is sent again. Where messages come
   * back, wait until all that was missed has been emitted, then say `absent`: an echo goes before it.
   */
  lookup?(part: Part<K>, signal: AbortSignal): Promise<Sent | 'absent' | 'cannot-tell'>;
}

/** The actions a session can carry out. A handler that is missing *is* the missing capability. */
export type MatrixActionHandlers = { readonly [K in MatrixActionKind]?: Handler<K> } & {
  readonly message: Handler<'message'>;
};
