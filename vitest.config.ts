import { existsSync } from 'node:fs';
import { defineConfig } from 'vitest/config';

// The server's suite runs once for each database. Without PostgreSQL its half is left out; testing.postgres.ts says so aloud.
const hasPostgres =
  Boolean(process.env.FIELDBOOK_TEST_POSTGRES) || existsSync('/usr/lib/postgresql') || process.env.CI === 'true';
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
    projects: [
      { test: { name: 'contract', include: ['src/{contract,console}/**/*.test.ts'] } },
      server('sqlite'),
      ...(hasPostgres ? [server('postgres')] : []),
    ],
  },
});
