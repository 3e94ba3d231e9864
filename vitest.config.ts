import { defineConfig } from 'vitest/config';

/**
 * `vitest run` is what every machine with Node can run. The suites that need Java, kcat or other clients lie below
 * test/wide/; `.ci/run` runs them one by one with `vitest run --config test/wide/vitest.config.ts`.
 */
export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/wide/**', 'node_modules/**'],
    globalSetup: ['test/support/build.ts'],
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 30_000,
    maxConcurrency: 2,
    hookTimeout: 30_000,
  },
});
