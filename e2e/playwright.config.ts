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
  // Everything on SQLite; the whole line, plans, and writers who meet once more on PostgreSQL.
  projects: [
    { name: 'sqlite', use: { engine: 'sqlite' } },
    ...(wantsPostgres()
      ? [
          {
            name: 'postgres',
            testMatch: ['story.spec.ts', 'editor.spec.ts'],
            grep: /en-US: the SDK defines|plans|what goes is moved|enforced with their message|health shows/,
            use: { engine: 'postgres' as const, contextOptions: {} },
          },
          {
            name: 'postgres-values',
            testMatch: ['values.spec.ts', 'lists.spec.ts', 'tenants.spec.ts'],
            grep: /two people|network|filters are built|pages are turned|a tenant is chosen/,
            use: { engine: 'postgres' as const, contextOptions: {} },
          },
        ]
      : []),
  ],
  fullyParallel: true,
  workers: 2,
  forbidOnly: isCI,
  // A machine that others share now and then stalls a browser for seconds; such a test is said to be flaky, not passed.
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
    // A trace costs a fifth of the time: where a test is tried again, it is written then.
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
