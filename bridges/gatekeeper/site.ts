import type { Host } from '#adapter';
import type { Connection, Life, Provider } from '#gia';
import type { Config } from './config.ts';

/** What all of an open network has in common. */
export interface Site {
  readonly host: Host<Config>;
  readonly gatekeeper: Connection;
  readonly provider: Provider;
  /** For the tokens of people: the gatekeeper's origin. */
  readonly audience: string;
  readonly operator: string;
  /** After so long it is asked again whether it takes what it has refused. */
  readonly refusedMs: number;
  /** What the paths are made with under which the gatekeeper fetches files. */
  readonly fileKey: Uint8Array;
  /** See `Life`: new with each opening. */
  readonly life: Life;
}
