import { setup as startPostgres } from '../src/server/testing/postgres.ts';
import { requireChromium } from './chromium.ts';

/** Playwright's global setup: a browser, and PostgreSQL for the projects that want it; what it returns ends that. */
export default function setup(): ReturnType<typeof startPostgres> {
  requireChromium();
  return startPostgres();
}
