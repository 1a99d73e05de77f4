import { statfsSync } from 'node:fs';
import { defineConfig } from 'vitest/config';

const source = { ssr: { resolve: { conditions: ['source'] } } };

/** Run by `npm test` only: each takes seconds, as it starts or builds whole programs, or waits out pauses. */
const slow = [
  'test/flow/{homeserver-mishaps,missed,outage,hung}.test.ts',
  'test/src/builds-alone.test.ts',
  'test/bridges/loopback/contract.test.ts',
  'test/src/testing/*/main.test.ts',
];

const ROOM_BYTES = 2 ** 30;

/**
 * A folder in memory, where there is one with room: half of the time of the fast tests is waiting for
 * a disk. That what is to be on disk gets there is seen by `test/live/flushed.test.ts`.
 */
function inMemory(): Readonly<Record<string, string>> {
  const folder = '/dev/shm';
  try {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize > ROOM_BYTES ? { TMPDIR: folder } : {};
  } catch {
    return {};
  }
}

export default defineConfig({
  ...source,
  test: {
    // Much of the time is waiting for a socket or a disk, so more of them than cores. The fast ones wait little.
    minWorkers: 4,
    maxWorkers: 4,
    projects: [
      {
        ...source,
        test: {
          name: 'fast',
          env: inMemory(),
          testTimeout: 60_000,
          include: ['test/{src,bridges,flow,docs,crash,bench}/**/*.test.ts'],
          exclude: slow,
        },
      },
      {
        ...source,
        test: { name: 'slow', testTimeout: 120_000, include: slow },
      },
      {
        ...source,
        test: {
          name: 'live',
          globalSetup: ['test/global-setup.ts'],
          include: ['test/live/**/*.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 300_000,
        },
      },
    ],
  },
});
