import type { Bench } from './bench.ts';
import type { AdapterFixture } from './fixture.ts';

/** One promise of an adapter: what it is, what the fixture must be able to do, and the proof. */
export interface AdapterPromise {
  readonly title: string;
  readonly needs?: readonly (keyof AdapterFixture)[];
  /** Rejects when the promise is broken. `skip` when the adapter does not make it. */
  check(bench: Bench, skip: (why: string) => void): Promise<void>;
}

/** What the fixture cannot do. Empty: the promise can be checked. */
export const lacking = ({ needs = [] }: AdapterPromise, fixture: AdapterFixture) =>
  needs.filter((ability) => fixture[ability] === undefined);
