import { defineConfig } from 'vitest/config';

const source = { ssr: { resolve: { conditions: ['source'] } } };

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
          typecheck: { enabled: true, include: ['test/types/**/*.test-d.ts'] },
        },
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
