import type { Content, Echo, StoredEvent } from '../room/event.ts';

/**
 * Everything that can happen to a homeserver. Each is one line of the journal file, and holds
 * whatever was chance when it happened (ids, times, tokens), so that a replay ends in the same world.
 */
export type Change =
  | { readonly kind: 'account'; readonly userId: string; readonly secret?: string }
  | { readonly kind: 'password'; readonly userId: string; readonly secret: string }
  | {
      readonly kind: 'device';
      readonly userId: string;
      readonly deviceId: string;
      readonly displayName?: string;
    }
  | { readonly kind: 'device-gone'; readonly userId: string; readonly deviceId: string }
  | {
      readonly kind: 'token';
      readonly token: string;
      readonly userId: string;
      readonly deviceId: string;
    }
  | {
      readonly kind: 'profile';
      readonly userId: string;
      readonly field: string;
      /** Absent: removed. */
      readonly value?: unknown;
    }
  | {
      readonly kind: 'event';
      readonly event: StoredEvent;
      readonly echo?: Echo;
      /** By the clock, where the event says another time. */
      readonly receivedAtMs?: number;
      /** The appservices that were interested when it happened: one that comes later gets no history. */
      readonly interested: readonly string[];
    }
  | { readonly kind: 'forget'; readonly roomId: string; readonly userId: string }
  /** `instance`: of an appservice, where the room is in that network's part of the directory. */
  | {
      readonly kind: 'listed';
      readonly roomId: string;
      readonly listed: boolean;
      readonly instance?: string;
    }
  | {
      readonly kind: 'alias';
      readonly alias: string;
      readonly roomId: string;
      readonly by: string;
    }
  | { readonly kind: 'alias-gone'; readonly alias: string }
  | ReceiptChange
  | {
      readonly kind: 'account-data';
      readonly userId: string;
      /** Absent: of the account, not of a room. */
      readonly roomId?: string;
      readonly type: string;
      readonly content: Content;
    }
  | { readonly kind: 'filter'; readonly userId: string; readonly filter: Content }
  | MediaChange
  /** The next `count` events that wait for an appservice make a transaction. */
  | {
      readonly kind: 'transaction';
      readonly appservice: string;
      readonly id: number;
      readonly count: number;
    }
  | { readonly kind: 'acknowledged'; readonly appservice: string; readonly id: number }
  /** The oldest transaction takes in what is in all others. */
  | { readonly kind: 'grown'; readonly appservice: string }
  /** What waits for an appservice and is in no transaction yet is forgotten. */
  | { readonly kind: 'queue-lost'; readonly appservice: string };

export interface ReceiptChange {
  readonly kind: 'receipt';
  readonly roomId: string;
  readonly userId: string;
  readonly type: string;
  readonly eventId: string;
  readonly sentAtMs: number;
  readonly threadId?: string;
}

export interface MediaChange {
  readonly kind: 'media';
  readonly id: string;
  readonly by: string;
  /** Absent while it is only announced. */
  readonly mimeType?: string;
  readonly name?: string;
}

export type ChangeOf<K extends Change['kind']> = Extract<Change, { kind: K }>;
