import type { Expiry, MessageId } from '../container.ts';

/** What a person says or does, in no network's terms. */
export type Said = Message | Edit | Removal | Reaction | Report;

export interface Message extends Spoken {
  readonly kind: 'message';
  /** The version that its sender answers. */
  readonly replyTo?: MessageId;
  /** The thread that it belongs to, in hex. */
  readonly thread?: string;
  readonly expires?: Expiry;
}

/** A newer version of all that was said. Whether `from` said `of` is for the reader to look up. */
export interface Edit extends Spoken {
  readonly kind: 'edit';
  /** The FIRST version, however often it was edited since. */
  readonly of: MessageId;
}

/** Of a message (its first version) or of a reaction: what `of` names decides, `what` is only what its sender takes it for. */
export interface Removal {
  readonly kind: 'removal';
  readonly of: MessageId;
  readonly what: 'message' | 'reaction';
}

export interface Reaction {
  readonly kind: 'reaction';
  readonly to: MessageId;
  /** Mostly one; each is shown by itself. */
  readonly keys: readonly [string, ...string[]];
  /** An earlier reaction, in whose place this one comes. */
  readonly replaces?: MessageId;
}

/** What became of messages at the far end: see `statuses`. */
export interface Report {
  readonly kind: 'report';
  readonly statuses: readonly { readonly id: MessageId; readonly status: Status }[];
}

/** By their numbers in draft-mahy-mimi-message-status-01. */
export const statuses = [
  'unread',
  'delivered',
  'read',
  'expired',
  'deleted',
  'hidden',
  'error',
] as const;
export type Status = (typeof statuses)[number];

export interface Spoken {
  /** In their order: a picture and what is said about it are two. Never empty. */
  readonly items: readonly Item[];
  /** The same for whoever speaks Matrix, without loss: see `matrix-event.ts`. */
  readonly matrix?: MatrixEvent;
}

export interface MatrixEvent {
  readonly type: string;
  readonly content: Readonly<Record<string, unknown>>;
}

export type Item = TextItem | FileItem | LinkItem | UnknownItem;

export interface TextItem {
  readonly kind: 'text';
  /** Markdown is GFM-MIMI: GitHub's with neither raw HTML nor bare addresses made links. A link to a user's URI is a mention. */
  readonly format: 'plain' | 'markdown';
  readonly text: string;
}

export interface FileItem {
  readonly kind: 'file';
  readonly url: string;
  readonly contentType: string;
  /** Absent where the sender did not say so. It is of what lies at `url`, so with its seal. */
  readonly sizeBytes?: number;
  readonly filename?: string;
  readonly description?: string;
  /** Shown where it stands, instead of being offered for download. */
  readonly isInline: boolean;
  readonly expiresAtSeconds?: number;
  /** Absent of what lies there as it is. */
  readonly seal?: Seal;
  /** SHA-256 of what lies at `url`. */
  readonly sha256?: Uint8Array;
}

/** AES-128-GCM: see `gia/media/`. */
export interface Seal {
  readonly key: Uint8Array;
  readonly nonce: Uint8Array;
  readonly aad: Uint8Array;
}

/** Where a call or the like is joined. */
export interface LinkItem {
  readonly kind: 'link';
  readonly url: string;
  readonly description?: string;
}

/** Something was here that this version cannot show: a reader is told so, as nothing may be missing silently. */
export interface UnknownItem {
  readonly kind: 'unknown';
  readonly contentType: string;
}
