import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { wantsPostgres } from './src/server/testing.postgres.ts';

// A worker loads what it tests once, not anew for each file. The server's suite runs once for each database; without
// PostgreSQL its half is left out, and testing.postgres.ts says so aloud.
/** What asks nothing of the database runs once, with SQLite. */
const alike = ['config', 'json', 'bodies', 'staff/signature'].map((name) => `src/server/${name}.test.ts`);
const server = (engine: 'sqlite' | 'postgres') => ({
  test: {
    name: engine,
    include: ['src/server/**/*.test.ts'],
    isolate: false,
    ...(engine === 'postgres' && { exclude: alike }),
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
      { test: { name: 'contract', include: ['src/{contract,console}/**/*.test.ts'], isolate: false } },
      server('sqlite'),
      ...(wantsPostgres() ? [server('postgres')] : []),
    ],
  },
});
