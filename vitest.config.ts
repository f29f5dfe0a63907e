import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

// .ci/run asks for the figures beside what is printed.
const results = process.env.MUSTER_TEST_RESULTS;

export default defineConfig({
  // Node takes `graphql` by its `main`; Vite would take `module`, which makes a second copy of it.
  resolve: { alias: [{ find: /^graphql$/, replacement: 'graphql/index.js' }] },
  test: {
    include: ['tests/**/*.test.ts'],
    globalSetup: ['tests/support/global-setup.ts'],
    reporters: results ? ['default', ['json', { outputFile: results }]] : ['default'],
    pool: 'forks',
    maxWorkers: Math.min(availableParallelism(), 6),
    testTimeout: 20_000,
    hookTimeout: 60_000,
    // Of `expect.poll`: what is waited for comes late on a busy machine, and is no failure.
    expect: { poll: { timeout: 15_000 } },
    // Waiting for the database on a busy machine is not a slow test.
    slowTestThreshold: 2_000,
  },
});
