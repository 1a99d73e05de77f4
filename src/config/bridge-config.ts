import type { Voice } from '../adapter/voice.ts';
import type { JoinOptions, UserRate } from '../engine/options.ts';
import type { BridgeSection } from './bridge.ts';
import type { HomeserverConfig } from './homeserver.ts';
import type { LogConfig } from './log.ts';
import type { MetricsConfig } from './metrics.ts';
import type { NetworkSection } from './network.ts';

/** One network instance, with all that was left out filled in. */
export interface NetworkConfig
  extends Omit<
    NetworkSection,
    | 'displayName'
    | 'icon'
    | 'command'
    | 'voices'
    | 'maxEnlisted'
    | 'userRate'
    | 'chats'
    | 'publishRooms'
    | 'connectionNotices'
    | 'roomsFor'
    | 'noRoomsFor'
    | keyof JoinOptions
  > {
  readonly displayName: string;
  readonly icon?: string;
  readonly command: string;
  /** Only voices that the adapter offers, best first. */
  readonly voices: readonly Voice['kind'][];
  /** Absent: no limit. */
  readonly maxEnlisted?: number;
  /** Absent: no limit. */
  readonly userRate?: UserRate;
  readonly publishRooms?: boolean;
  readonly connectionNotices?: boolean;
  readonly roomsFor?: readonly string[];
  readonly noRoomsFor?: readonly string[];
  readonly joins?: JoinOptions;
  readonly chats?: Readonly<Record<string, JoinOptions>>;
  /** As the adapter's own schema gave them back. */
  readonly options: unknown;
}

/** What stands in the environment and in no file. */
export interface Secrets {
  /** Instead of the registration's `as_token`. */
  readonly asToken?: string;
  /** Instead of the registration's `hs_token`. */
  readonly hsToken?: string;
  /** Instead of the key file in `dataDir`. */
  readonly storageKey?: string;
}

/** A config that holds together. `registrationFile` and `dataDir` are absolute. */
export interface BridgeConfig {
  /** The file it came from; adapters that are packages are looked for beside it. */
  readonly path: string;
  readonly homeserver: HomeserverConfig;
  readonly bridge: BridgeSection;
  readonly log: LogConfig;
  /** Absent: no metrics. */
  readonly metrics?: MetricsConfig | undefined;
  readonly networks: Readonly<Record<string, NetworkConfig>>;
  readonly secrets: Secrets;
}
