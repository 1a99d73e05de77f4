import type { Log, NetworkAdapter } from '../adapter/network.ts';
import type { Voice } from '../adapter/voice.ts';
import type { Clock } from '../ports/clock.ts';
import type { MatrixPort } from '../ports/matrix.ts';
import type { Metrics } from '../ports/metrics.ts';
import type { Storage } from '../ports/store.ts';
import type { OptedOut } from './opted-out.ts';

/** When ghosts and voices come into a room or a chat. */
export interface JoinOptions {
  /** With those who are there at the start, those who come later, both, or only when they speak. Absent: both. */
  readonly ghostsJoin?: 'all' | 'initial' | 'changes' | 'speaking';
  /** Where more are in the chat, only when they speak. */
  readonly ghostsJoinMost?: number;
  /** Absent: as their person comes into the room. */
  readonly voicesJoin?: 'entering' | 'speaking';
}

/** How much somebody may say at once, and then in each second. */
export interface UserRate {
  readonly burst: number;
  readonly perSecond: number;
}

/** One network of the config: an adapter with an id and options of its own. */
export interface NetworkOptions {
  /** Lower-case, without an underscore: `libera`. */
  readonly id: string;
  readonly displayName: string;
  /** Its picture, for clients: an `mxc://` address. */
  readonly icon?: string;
  readonly adapter: NetworkAdapter;
  /** The adapter's own options, checked by its schema. */
  readonly config: unknown;
  /** What commands to the bot begin with: `!irc`. */
  readonly command: string;
  /** Which voice is taken for a Matrix user, best first. What the adapter does not offer is passed over. */
  readonly voices: readonly Voice['kind'][];
  /** An enlisted voice that said nothing for so long is let go. */
  readonly idleCloseMs: number;
  /** Enlisted voices that are open at the same time. Absent: as many as are needed. */
  readonly maxEnlisted?: number;
  /** How much one Matrix user may say here. Absent: as much as they like. */
  readonly userRate?: UserRate;
  /** The rooms that are made on request are in the homeserver's directory. */
  readonly publishRooms?: boolean;
  /** A room is made on request only for these chats (globs on their ids). Absent: for all. */
  readonly roomsFor?: readonly string[];
  /** Not for these. */
  readonly noRoomsFor?: readonly string[];
  /** Whoever has a voice of their own is told in private when it goes down for long, and when it is back. */
  readonly connectionNotices?: boolean;
  readonly joins?: JoinOptions;
  /** What is otherwise in single chats, by their id. */
  readonly chats?: Readonly<Record<string, JoinOptions>>;
  /** The links that the config names. `room`: an id or an alias. */
  readonly portals: readonly { readonly chat: string; readonly room: string }[];
}

/** What the config may say otherwise while the bridge runs. Whoever needs it reads it then. */
export interface Reconfigured extends Pick<EngineOptions, 'permission'> {
  readonly policyRooms: readonly string[];
  readonly networks: readonly ({ readonly id: string } & {
    readonly [K in
      | 'userRate'
      | 'idleCloseMs'
      | 'maxEnlisted'
      | 'roomsFor'
      | 'noRoomsFor'
      | 'joins'
      | 'chats']: NetworkOptions[K] | undefined;
  })[];
}

/** What somebody may do: nothing, be relayed, have a voice of their own, command the bot everywhere. */
export type Permission = 'none' | 'relay' | 'use' | 'admin';

/** Where what is published is found, and for how long. */
export interface Publishing {
  /** Of the bridge, as the world reaches it. */
  readonly url: string;
  readonly keepMs: number;
}

/** What is told of where words go, and to whom. */
export interface PrivacyNotice {
  /** With {chat}, {network} and {command} in it. */
  readonly text: string;
  /** Rooms as they are linked, people as they get an identity of their own on a network, or both. */
  readonly to: 'rooms' | 'people' | 'both';
}

export interface EngineOptions {
  readonly networks: readonly NetworkOptions[];
  /** Begins every ghost's, alias's and the bot's name. */
  readonly prefix: string;
  readonly botDisplayName: string;
  readonly permission: (userId: string) => Permission;
  /** Rooms whose rules ban Matrix users, who may do nothing then: ids or aliases. */
  readonly policyRooms?: readonly string[];
  readonly optedOut: OptedOut;
  /** Absent: nothing is told. */
  readonly privacyNotice?: PrivacyNotice;
  /** Tell clients what became of each message, by `com.beeper.message_send_status`. */
  readonly statusEvents: boolean;
  /** A message that could not be sent for so long has failed. */
  readonly maxAgeMs: number;
  /** The same, while its voice is logged out. */
  readonly maxAgeLoggedOutMs: number;
  /** Absent: nothing is published. */
  readonly publishing?: Publishing;
  /** Dead letters are forgotten after this. */
  readonly deadLetterMs: number;
  readonly storage: Storage;
  readonly matrix: MatrixPort;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
  /** The bridge's own secret: see `keys.ts`. */
  readonly secret: Uint8Array;
}
