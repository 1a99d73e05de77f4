import { defineConfig } from 'vitest/config';

const source = { ssr: { resolve: { conditions: ['source'] } } };

/** Run by `npm test` only: each takes seconds, as it starts or builds whole programs. */
const slow = [
  'test/src/builds-alone.test.ts',
  'test/bridges/loopback/contract.test.ts',
  'test/src/testing/*/main.test.ts',
];

export default defineConfig({
  ...source,
  test: {
    projects: [
      {
        ...source,
        test: {
          name: 'fast',
          testTimeout: 20_000,
          include: ['test/{src,bridges,flow,docs,crash}/**/*.test.ts'],
          exclude: slow,
          pool: 'threads',
          isolate: false,
          typecheck: { enabled: true, include: ['test/types/**/*.test-d.ts'] },
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
