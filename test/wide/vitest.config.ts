import { defineConfig } from 'vitest/config';

/** Suites with external peers: Apache Kafka's Java tools and broker, kcat, other clients. A missing peer is a failure, never a skip. */
export default defineConfig({
  test: {
    include: ['test/wide/**/*.test.ts'],
    globalSetup: ['test/support/build.ts'],
    pool: 'forks',
    maxWorkers: 1,
    fileParallelism: false,
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
