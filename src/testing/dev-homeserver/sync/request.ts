import type { Requester } from '../requester.ts';
import type { Token } from '../token.ts';
import type { SyncFilter } from './filter.ts';

export interface SyncRequest {
  readonly who: Requester;
  /** Absent: everything. */
  readonly since: Token | undefined;
  readonly filter: SyncFilter;
  readonly fullState: boolean;
}
