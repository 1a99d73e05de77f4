/** The content of an event: whatever its sender put there. */
export type Content = { readonly [key: string]: unknown };

/** An event as the homeserver keeps it, in the names of the client-server API. */
export interface StoredEvent {
  readonly event_id: string;
  readonly room_id: string;
  readonly type: string;
  readonly sender: string;
  /** Present on state events only; `''` is a key like any other. */
  readonly state_key?: string;
  readonly content: Content;
  readonly origin_server_ts: number;
  readonly unsigned?: {
    readonly prev_content?: Content;
    readonly prev_sender?: string;
    readonly replaces_state?: string;
    readonly redacted_because?: StoredEvent;
  };
}

/** What somebody asks to be made an event. */
export interface Draft {
  readonly type: string;
  readonly sender: string;
  readonly stateKey?: string;
  readonly content: Content;
  /** Absent: now. */
  readonly sentAtMs?: number;
}

/** From where an event was sent: only whoever asks from there sees its transaction id again. */
export interface Echo {
  readonly userId: string;
  /** Absent: by an appservice that named no device. */
  readonly deviceId?: string | undefined;
  readonly txnId: string;
}

/** An event in its place in a room. */
export interface Entry {
  /** Replaced by its pruned form when it is redacted. */
  event: StoredEvent;
  /** Its place in everything that happened on this homeserver. */
  readonly position: number;
  readonly echo?: Echo;
  /** Its age counts from here, whatever time it says it was sent at. */
  readonly receivedAtMs: number;
}

export type RoomVersion = '11' | '12';
export const isRoomVersion = (version: unknown): version is RoomVersion =>
  version === '11' || version === '12';

/** The room state that a rule looks at. */
export interface StateView {
  readonly version: RoomVersion;
  state(type: string, stateKey?: string): StoredEvent | undefined;
}

export type Membership = 'join' | 'invite' | 'leave' | 'ban' | 'knock';

export function membershipOf(event: StoredEvent | undefined): Membership | undefined {
  return event?.content['membership'] as Membership | undefined;
}

export const isObject = (value: unknown): value is Content =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
