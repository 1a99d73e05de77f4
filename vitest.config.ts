import { tmpdir } from 'node:os';
import { defineConfig } from 'vitest/config';
import { memoryFolder } from './test/live/support/memory-folder.ts';

const source = { ssr: { resolve: { conditions: ['source'] } } };

/**
 * Run by `npm test` only: each takes seconds, as it starts or builds whole programs, or waits out pauses. Of the stories
 * two are fast, and tell whether the rest has a chance.
 */
const slow = [
  'test/flow/!(conversation|durability).test.ts',
  'test/src/builds-alone.test.ts',
  'test/bridges/loopback/contract.test.ts',
  'test/bridges/irc/fuzz.test.ts',
  'test/src/testing/*/main.test.ts',
  'test/gatekeeper/hostile.test.ts',
  'test/gatekeeper/client/*.test.ts',
  'test/bridges/gatekeeper/{backups,contract,files,offering,standing,talking}.test.ts',
  'test/gia/suites/{mls,mls-backups,rfc9420}.test.ts',
];

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
          // Half of their time was waiting for a disk. `test/live/flushed.test.ts` sees what has to get there.
          env: { TMPDIR: memoryFolder() ?? tmpdir() },
          testTimeout: 60_000,
          include: ['test/{src,bridges,gia,gatekeeper,flow,docs,crash,bench}/**/*.test.ts'],
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
