import { defineConfig } from '@playwright/test';
import { wantsPostgres } from '../src/server/testing/postgres.ts';
import type { Engine } from './app.ts';
import { chromiumPath } from './chromium.ts';

const executablePath = chromiumPath();
const isCI = process.env.CI === 'true';

export default defineConfig<object, { engine: Engine }>({
  testDir: '.',
  outputDir: '../test-results',
  globalSetup: './global.setup.ts',
  // All tests run on SQLite. The story, plans and concurrent writers also run on PostgreSQL.
  projects: [
    { name: 'sqlite', use: { engine: 'sqlite' } },
    ...(wantsPostgres()
      ? [
          {
            name: 'postgres',
            testMatch: ['story.spec.ts', 'editor.spec.ts'],
            grep: /en-US: the SDK defines|plans|removed options are moved|enforced with their message|data quality shows/,
            use: { engine: 'postgres' as const, contextOptions: {} },
          },
          {
            name: 'postgres-values',
            testMatch: ['values.spec.ts', 'lists.spec.ts', 'tenants.spec.ts'],
            grep: /two people|network|filters are added|pages go forward|a tenant is chosen/,
            use: { engine: 'postgres' as const, contextOptions: {} },
          },
        ]
      : []),
  ],
  fullyParallel: true,
  workers: 2,
  forbidOnly: isCI,
  // A shared machine sometimes blocks a browser for seconds. Such a test is reported as flaky, not as passed.
  retries: isCI ? 1 : 0,
  reporter: [['list']],
  timeout: 60_000,
  expect: { timeout: 10_000 },
  use: {
    locale: 'en-US',
    timezoneId: 'Asia/Tokyo',
    // As some people have it, and what moves takes time to draw; on PostgreSQL it moves.
    contextOptions: { reducedMotion: 'reduce' },
    viewport: { width: 1440, height: 900 },
    // A trace costs a fifth of the time, so it is written only in a retry.
    trace: isCI ? 'on-first-retry' : 'retain-on-failure',
    launchOptions: {
      ...(executablePath && { executablePath }),
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    },
  },
});
