import { afterEach, describe, expect, it } from 'vitest';
import { Bench } from '../../../src/testing/adapter-contract/bench.ts';
import type { AdapterPromise } from '../../../src/testing/adapter-contract/promise.ts';
import { faultPromise } from '../../../src/testing/adapter-contract/sending.ts';
import { adapterPromises } from '../../../src/testing/adapter-contract.ts';
import { brokenCommands } from './adapter-contract/broken-commands.ts';
import { brokenListening } from './adapter-contract/broken-listening.ts';
import { brokenSending } from './adapter-contract/broken-sending.ts';
import { lineFixture } from './adapter-contract/line-network.ts';
import { loopbackFixture } from './adapter-contract/loopback-fixture.ts';

const broken = [...brokenSending, ...brokenListening, ...brokenCommands];
const patienceMs = 700;
let bench: Bench | undefined;
afterEach(async () => {
  await bench?.end();
  bench = undefined;
});

const titled = (start: string): AdapterPromise => {
  const found = adapterPromises.filter(({ title }) => title.startsWith(start));
  if (found.length !== 1 || !found[0]) throw new Error(`${found.length} promises start: ${start}`);
  return found[0];
};
const noSkip = (why: string) => {
  throw new Error(`skipped, as ${why}`);
};

describe('adapterContract', () => {
  it.each(broken)('catches an adapter that $name', async (one) => {
    const fixture = await loopbackFixture(one.certainty ?? 'drops-repeats');
    bench = new Bench({ ...fixture, adapter: one.adapter }, patienceMs);
    const promise = one.fault ? faultPromise(one.fault) : titled(one.promise);
    const { error } = await promise
      .check(bench, () => {})
      .then(
        () => ({ error: undefined }),
        (error: Error) => ({ error }),
      );
    if (/was not emitted/.test(error?.message ?? '')) return;
    expect(error?.name).toBe(one.by ?? 'AssertionError');
  });

  const injections = adapterPromises.filter(({ title }) => title.startsWith('lets no'));

  it.each(injections)('catches an adapter that does not keep: $title', async (promise) => {
    bench = new Bench(
      lineFixture((text) => text),
      patienceMs,
    );
    await expect(promise.check(bench, noSkip)).rejects.toThrow('DRAWBRIDGECANARY');
  });

  it.each(injections)('lets one pass that $title', async (promise) => {
    bench = new Bench(
      lineFixture((text) => text.replace(/[\r\n\0]/g, ' ')),
      patienceMs,
    );
    await promise.check(bench, noSkip);
  });

  it('has a broken adapter for each of its promises', () => {
    const shown = broken.map(({ promise }) => promise).concat('lets no');
    const bare = adapterPromises.filter(({ title }) => !shown.some((s) => title.startsWith(s)));
    expect(bare.map(({ title }) => title)).toEqual([]);
  });
});
