import { setup } from '../src/server/testing.postgres.ts';

/** Playwright's global setup: PostgreSQL for the projects that want it; what it returns ends it. */
export default setup;
