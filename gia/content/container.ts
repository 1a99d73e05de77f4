/**
 * The container of everything that is said: MIMI content (draft-ietf-mimi-content-08). Values here are never changed, and what
 * this version does not know of (extensions, kinds of parts' content) is kept, so that writing what was read gives the same bytes.
 */
export interface Container {
  /** Sixteen random bytes, new for each: two containers that say the same have different ids. */
  readonly salt: Uint8Array;
  /** What this is a newer version of, or takes back: always the id of its FIRST version. */
  readonly replaces: MessageId | null;
  /** Empty where it belongs to no thread. */
  readonly topic: Uint8Array;
  readonly expires: Expiry | null;
  /** What it answers or reacts to: the version that its sender saw. */
  readonly inReplyTo: MessageId | null;
  /** Who says to have sent it: only as good as whoever encrypted it, and to be compared with that. */
  readonly sender?: string;
  readonly room?: string;
  /** All others, as they are encoded. */
  readonly extensions: ReadonlyMap<number | string, Uint8Array>;
  readonly body: Part;
}

/** 64 hex digits, of which the first two name the hash: `01`, SHA-256. */
export type MessageId = string;

/** After being read (`relative`), or at a time. */
export interface Expiry {
  readonly relative: boolean;
  readonly seconds: number;
}

interface AnyPart {
  /** See `disposition`; 9 to 255 are taken for `render`. */
  readonly disposition: number;
  /** Language tags, or empty. */
  readonly language: string;
}

export interface NullPart extends AnyPart {
  readonly kind: 'null';
}

export interface SinglePart extends AnyPart {
  readonly kind: 'single';
  readonly contentType: string;
  readonly content: Uint8Array;
}

/** What lies elsewhere, mostly encrypted. Absent facts are 0 or empty. */
export interface ExternalPart extends AnyPart {
  readonly kind: 'external';
  readonly contentType: string;
  readonly url: string;
  readonly expiresAtSeconds: number;
  readonly sizeBytes: number;
  /** By its number in the registry of AEADs: 1 is AES-128-GCM, 0 is none. */
  readonly aead: number;
  readonly key: Uint8Array;
  readonly nonce: Uint8Array;
  readonly aad: Uint8Array;
  /** By its number in the registry of hashes: 1 is SHA-256, 0 is none. It is that of what lies at `url`. */
  readonly hashAlgorithm: number;
  readonly hash: Uint8Array;
  readonly description: string;
  readonly filename: string;
}

export interface MultiPart extends AnyPart {
  readonly kind: 'multi';
  readonly semantics: Semantics;
  readonly parts: readonly Part[];
}

export type Part = NullPart | SinglePart | ExternalPart | MultiPart;

/** `chooseOne` offers alternatives, `singleUnit` is all or nothing, `processAll` as much as one can. */
export const semantics = ['chooseOne', 'singleUnit', 'processAll'] as const;
export type Semantics = (typeof semantics)[number];

export const disposition = {
  unspecified: 0,
  render: 1,
  reaction: 2,
  profile: 3,
  inline: 4,
  icon: 5,
  attachment: 6,
  session: 7,
  preview: 8,
} as const;

export const contentLimits = {
  sizeBytes: 256 * 1024,
  parts: 1024,
  partLevels: 4,
  extensionLevels: 4,
  topicBytes: 4096,
  extensionKeyBytes: 255,
  expirySeconds: 366 * 24 * 3600,
} as const;
