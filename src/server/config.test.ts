import { spawnSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { readConfig } from './config.ts';

const secrets = { FIELDBOOK_SECRET: 's'.repeat(32), FIELDBOOK_ENCRYPTION_KEYS: 'k'.repeat(32) };

it('refuses a misspelt setting and names the nearest known one', () => {
  expect(() => readConfig({ ...secrets, FIELDBOOK_SECRTE: 'x' })).toThrow(
    'There is no setting FIELDBOOK_SECRTE. Did you mean FIELDBOOK_SECRET?',
  );
  expect(() => readConfig({ ...secrets, FIELDBOOK_TRUSTPROXY: 'true' })).toThrow('FIELDBOOK_TRUST_PROXY?');
});

it('takes the settings of commands and of tests', () => {
  expect(() => readConfig({ ...secrets, FIELDBOOK_URL: 'http://x', FIELDBOOK_TEST_ENGINE: 'sqlite' })).not.toThrow();
});

it.each([{}, secrets])('ends with a sentence where the folder of its database can’t be made', (more) => {
  const program = ['--import', 'tsx', `${import.meta.dirname}/main.ts`];
  const env = { PATH: process.env.PATH, PORT: '0', DATABASE_URL: 'sqlite:/proc/x/y.db', ...more };
  const { status, stderr } = spawnSync(process.execPath, program, { env, encoding: 'utf8', timeout: 20_000 });
  expect([status, stderr]).toEqual([1, expect.stringMatching(/^The folder \/proc\/x can't be made \(\w+\)\.\n$/)]);
});
