import { afterEach, describe, it } from 'vitest';
import { Bench } from './adapter-contract/bench.ts';
import { commandPromises } from './adapter-contract/commands.ts';
import type { AdapterFixture } from './adapter-contract/fixture.ts';
import { hostilePromises } from './adapter-contract/hostile.ts';
import { listeningPromises } from './adapter-contract/listening.ts';
import { type AdapterPromise, lacking } from './adapter-contract/promise.ts';
import { faultPromise, sendingPromises } from './adapter-contract/sending.ts';

export type { AdapterFault, AdapterFixture } from './adapter-contract/fixture.ts';

/** How long something may take that must happen. */
const patienceMs = 8000;

/** Every promise that is checked the same way for each adapter. */
export const adapterPromises: readonly AdapterPromise[] = [
  ...sendingPromises,
  ...listeningPromises,
  ...commandPromises,
  ...hostilePromises,
];

/**
 * The promises every adapter keeps. Run it once per adapter and voice, third-party ones included,
 * inside a test file of vitest.
 *
 * `makeFixture` is called for each promise: a fresh network each time, on which nothing was said.
 * `faults` names the faults that the fixtures have, so that each is a test of its own.
 */
export function adapterContract(
  makeFixture: () => Promise<AdapterFixture>,
  { faults = [] }: { readonly faults?: readonly string[] } = {},
): void {
  describe('adapter contract', () => {
    let bench: Bench | undefined;
    afterEach(async () => {
      await bench?.end();
      bench = undefined;
    });

    for (const promise of [...adapterPromises, ...faults.map(faultPromise)])
      it(promise.title, { timeout: 30_000 }, async ({ skip }) => {
        bench = new Bench(await makeFixture(), patienceMs);
        const missing = lacking(promise, bench.fixture);
        if (missing.length > 0) skip(`the fixture has no ${missing.join(', ')}`);
        await promise.check(bench, skip);
      });
  });
}
