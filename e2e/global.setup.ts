import { setup as startPostgres } from '../src/server/testing/postgres.ts';
import { requireChromium } from './chromium.ts';

/** Playwright's global setup: a browser, and PostgreSQL for projects that need it. Returns what stops it. */
export default function setup(): ReturnType<typeof startPostgres> {
  requireChromium();
  return startPostgres();
}
