import { randomBytes } from 'node:crypto';
import { existsSync, rmSync } from 'node:fs';
import { isIP } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { keyScopes } from '#contract/key';
import { presetRoles } from '#contract/staff';
import { activityUsage, checkpointCommand, verifyCommand } from './activity/command.ts';
import { makeApp } from './app.ts';
import { backUp } from './backup/backup.ts';
import { restore } from './backup/restore.ts';
import { type Config, ConfigError, readConfig, sqliteFile } from './config.ts';
import type { Server } from './context.ts';
import { isBusy } from './database/busy.ts';
import { demoKey, demoPassword, demoStaff, fillDemo } from './demo/fill.ts';
import { fieldsCommand, fieldsUsage } from './fields/command.ts';
import { openServer } from './open.ts';
import { purgeDaily } from './purge.ts';
import { withReader } from './reader.ts';
import { sealActivity } from './record/seal.ts';
import { addAccessKey, addStaff } from './staff/service.ts';
import { eraseCommand, rotateCommand, vaultUsage } from './vault/command.ts';
import { sealInBackground } from './vault/sealing.ts';

const usage = `Usage: npm run fieldbook -- <command>
  create-admin --email <address> [--name <name>] [--password <password>]
  create-staff --email <address> --role <administrator|support|auditor> [--name <name>] [--password <password>]
  create-access-key --name <name> [--scopes ${keyScopes.join(',')}]
  backup <file>
  restore <file>
${activityUsage}${vaultUsage}${fieldsUsage}`;

const commands: Record<string, (words: string[]) => Promise<void>> = {
  serve: async () => serve(readConfig(process.env)),
  demo,
  'create-admin': (words) => createStaff([...words, '--role', 'administrator']),
  'create-staff': createStaff,
  'create-access-key': createAccessKey,
  backup: async ([file]) => {
    say(`Wrote ${backUp(readConfig(process.env), file)}. It doesn’t include the secret; back that up too.`);
  },
  async restore([file]) {
    const kept = await restore(readConfig(process.env), file);
    say(`Restored ${file}.${kept ? ` The previous database is in ${kept}.` : ''} Everyone has to sign in again.`);
  },
  'verify-activity': (words) =>
    verifyCommand(words, { withReader: (work) => withReader(readConfig(process.env), work), say }),
  checkpoint: (words) => checkpointCommand(words, { withServer, say }),
  'rotate-keys': (words) => rotateCommand(words, { withServer, say }),
  'erase-user': (words) => eraseCommand(words, { withServer, say }),
  fields: (words) => fieldsCommand(words, process.env, say),
};

// Only their owner can read the files of the database and its secret.
process.umask(0o077);
const [name = 'serve', ...words] = process.argv.slice(2);
const command = commands[name];
if (command) await command(words).catch(fail);
else fail(new ConfigError(usage));

async function serve(config: Config, announce?: (address: string) => void): Promise<void> {
  const server = await openServer(config);
  const folder = fileURLToPath(new URL('../console', import.meta.url));
  const app = await makeApp(server, existsSync(join(folder, 'index.html')) ? folder : undefined);
  let closing = false;
  const close = async () => {
    if (closing) return;
    closing = true;
    try {
      // Running requests finish first.
      await app.close();
      await sealRest();
    } catch (error) {
      app.log.error({ err: error }, 'the end of the program had an error');
    } finally {
      await server.database.close();
    }
  };
  process.on('SIGTERM', close);
  process.on('SIGINT', close);
  const onError = (what: string) => (error: unknown) => {
    if (!closing) app.log.error({ err: error }, what);
  };
  purgeDaily(server, onError('the daily purge failed'));
  const sealRest = sealActivity(server, onError('the activity could not be sealed'));
  sealInBackground(server, onError('values could not be sealed'));
  const address = await app.listen({ port: config.port, host: config.host });
  if (announce) announce(address);
  else if (config.logLevel === 'silent') say(`Fieldbook listens on ${address}`);
}

/** Serves the sample data, on this machine only. */
async function demo(words: string[]): Promise<void> {
  const { values } = parseArgs({ args: words, options: { reset: { type: 'boolean', default: false } } });
  const url = 'sqlite:data/demo.db';
  const config = readConfig({ LOG_LEVEL: 'warn', ...process.env, DATABASE_URL: url, FIELDBOOK_SECRET: undefined });
  if (!isLoopback(config.host)) {
    throw new ConfigError(
      'The demo has well-known passwords, so it listens on this machine only. Leave HOST out, or set HOST=127.0.0.1.',
    );
  }
  const file = sqliteFile(url);
  // The secret file stays, because the configuration above already uses it.
  if (values.reset) for (const suffix of ['', '-wal', '-shm']) rmSync(file + suffix, { force: true });
  const server = await openServer(readConfig({ DATABASE_URL: url }));
  const known = await server.database.read.selectFrom('staff').select('id').executeTakeFirst();
  if (!known) {
    say('Filling the sample data …');
    await fillDemo(server);
  }
  await server.database.close();
  await serve(config, (address) =>
    say(
      [
        '',
        `  Fieldbook   ${address}`,
        '',
        ...demoStaff.map(({ email, role }) => `  ${email.padEnd(22)} ${demoPassword}   (${role})`),
        '',
        `  access key  ${demoKey.id}`,
        `  secret      ${demoKey.secret}`,
        '',
      ].join('\n'),
    ),
  );
}

async function createStaff(words: string[]): Promise<void> {
  const { values } = parseArgs({
    args: words,
    options: {
      email: { type: 'string' },
      name: { type: 'string' },
      password: { type: 'string' },
      role: { type: 'string' },
    },
  });
  const { email } = values;
  if (!email?.includes('@'))
    throw new ConfigError(`Missing email address. Usage: --email someone@example.com\n${usage}`);
  const role = presetRoles.find((known) => known === values.role);
  if (!role) throw new ConfigError(`Missing role. Usage: --role ${presetRoles.join(' or --role ')}`);
  if (values.password !== undefined && values.password.length < 12)
    throw new ConfigError('--password needs at least 12 characters.');
  const password = values.password ?? randomBytes(12).toString('base64url');
  await withServer(async (server) => {
    const added = await addStaff(server, { email, name: values.name ?? email, role, password });
    if (!added) throw new ConfigError(`${email} already has an account.`);
    say(`email: ${email}\npassword: ${values.password === undefined ? password : '(as given)'}`);
  });
}

async function createAccessKey(words: string[]): Promise<void> {
  const { values } = parseArgs({ args: words, options: { name: { type: 'string' }, scopes: { type: 'string' } } });
  const { name: keyName } = values;
  if (!keyName) throw new ConfigError(`Missing name of the key. Usage: --name "HR sync"\n${usage}`);
  const wanted = values.scopes?.split(',').map((scope) => scope.trim());
  const unknown = wanted?.find((scope) => !keyScopes.some((known) => known === scope));
  if (unknown !== undefined)
    throw new ConfigError(`There is no scope “${unknown}”. The scopes are ${keyScopes.join(', ')}.`);
  await withServer(async (server) => {
    const scopes = wanted && keyScopes.filter((scope) => wanted.includes(scope));
    const key = await addAccessKey(server, { name: keyName, ...(scopes && { scopes }) });
    say(`id: ${key.id}\nsecret: ${key.secret}`);
  });
}

async function withServer(work: (server: Server) => Promise<void>): Promise<void> {
  const server = await openServer(readConfig(process.env), 'command');
  try {
    await work(server);
  } finally {
    await server.database.close();
  }
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

function fail(error: unknown): never {
  process.stderr.write(`${sentenceOf(error)}\n`);
  process.exit(1);
}

/** How to correct the error if that is known, else its stack. */
function sentenceOf(error: unknown): string {
  const { code, message, stack } = error as NodeJS.ErrnoException;
  if (error instanceof ConfigError || code?.startsWith('ERR_PARSE_ARGS')) return message;
  if (code === 'EADDRINUSE') return 'Another program uses this port. Set PORT to a free one.';
  if (isBusy(error)) return 'The database is busy with other writes. Try again, or stop the program that writes it.';
  return stack ?? String(error);
}
