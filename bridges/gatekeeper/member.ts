import type { AdapterState } from '#adapter';
import type { DeviceIdentity } from '#gia';
import type { Talk } from './conversations.ts';
import type { Progress } from './progress.ts';
import type { Site } from './site.ts';

/** A voice in one conversation. */
export interface Member {
  readonly site: Site;
  readonly state: AdapterState;
  readonly device: DeviceIdentity;
  readonly ref: string;
  readonly talk: Talk;
  readonly progress: Progress;
  /** What a refusal has told of this conversation since. */
  readonly refused?: Refused | undefined;
}

export interface Refused {
  /** The hub is in this epoch. */
  readonly epoch?: number;
  /** Devices that have come and those that are gone, by name. */
  readonly missing: readonly string[];
  readonly gone: readonly string[];
}
