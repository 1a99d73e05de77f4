import type { SearchField } from '../adapter/network.ts';
import type { Media } from '../model/message-body.ts';
import type { OpenFile } from './matrix.ts';

/** What anybody may see who was given its address. */
export type Shown =
  | { readonly text: string }
  | {
      readonly file: Pick<Media, 'as' | 'mimeType' | 'name'>;
      readonly open: (signal: AbortSignal) => Promise<OpenFile>;
    };

/** A network has it, and cannot give it: for now, or any more. */
export class CannotShow extends Error {
  override readonly name = 'CannotShow';
  readonly isForNow: boolean;

  constructor(message: string, isForNow: boolean, options: ErrorOptions) {
    super(message, options);
    this.isForNow = isForNow;
  }
}

/** What a homeserver pushes to the bridge. Implemented by the engine, called by the appservice face. */
export interface AppserviceHandler {
  /**
   * A transaction. Resolves once everything in it is on disk: it is acknowledged only then.
   * `events` are whole event objects in the homeserver's order; one that is no event is kept aside.
   * `ephemeral` are typing, receipts and presence: worth nothing a minute later, and not kept.
   */
  transaction(events: readonly unknown[], ephemeral: readonly unknown[]): Promise<void>;
  /**
   * A transaction before the one that comes next never came. What is in it may come much later, or was
   * for somebody else.
   */
  passedOver(): void;
  /** A body that is not a transaction at all. */
  unreadable(bytes: Uint8Array, reason: string): Promise<void>;
  /** Whether this user is, or can be made, a ghost. It is made before this resolves. */
  userExists(userId: string): Promise<boolean>;
  /** Whether this alias is, or can be made, a portal. It is made before this resolves. */
  aliasExists(alias: string): Promise<boolean>;
  /** A third-party protocol, by its id. `undefined`: unknown. */
  protocol(id: string): Protocol | undefined;
  /** What a name means on the networks of a protocol, or on one of them. Nothing is made for it. */
  find(wanted: {
    readonly protocol: string;
    readonly what: 'chat' | 'user';
    readonly name: string;
    readonly network?: string;
  }): Promise<readonly FoundByName[]>;
  /** Whether a transaction can be taken now. A hold-up of moments does not count. */
  canTake(): boolean;
  /**
   * What is behind a public link. `undefined`: there is nothing under it, or no longer.
   * @throws {MatrixError} when the homeserver cannot be asked.
   */
  shown(token: string): Promise<Shown | undefined>;
  /** What a network serves under a path. `undefined`: nothing, also where there is no such network. @throws {CannotShow} */
  served(network: string, path: string): Promise<Shown | undefined>;
  /** A ping arrived, with the transaction id that we gave. */
  pinged(transactionId: string | undefined): void;
}

/** A kind of network, for clients. */
export interface Protocol {
  readonly displayName: string;
  readonly networks: readonly NetworkName[];
  /** What can be searched for. Absent: nothing. */
  readonly searched?: { readonly chat: SearchField; readonly user: SearchField };
}

export interface FoundByName {
  readonly network: string;
  /** The alias of a chat's room, which may not exist yet, or somebody's ghost. */
  readonly id: string;
}

export interface NetworkName {
  readonly id: string;
  readonly displayName: string;
  /** Its picture: an `mxc://` address. */
  readonly icon?: string;
}
