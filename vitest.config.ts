import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { wantsPostgres } from './src/server/testing.postgres.ts';

// The server's suite runs once for each database. Without PostgreSQL its half is left out; testing.postgres.ts says so aloud.
const server = (engine: 'sqlite' | 'postgres') => ({
  test: {
    name: engine,
    include: ['src/server/**/*.test.ts'],
    env: { FIELDBOOK_TEST_ENGINE: engine },
    testTimeout: 30_000,
    hookTimeout: 60_000,
    ...(engine === 'postgres' && { globalSetup: ['src/server/testing.postgres.ts'] }),
  },
});

export default defineConfig({
  test: {
    // Most of a test's time is other threads' and PostgreSQL's; Vitest would leave a core of two unused.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    projects: [
      { test: { name: 'contract', include: ['src/{contract,console}/**/*.test.ts'] } },
      server('sqlite'),
      ...(wantsPostgres() ? [server('postgres')] : []),
    ],
  },
});
