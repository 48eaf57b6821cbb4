import { randomBytes } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import ipaddr from 'ipaddr.js';
import { z } from 'zod';

const defaultDatabase = 'sqlite:data/fieldbook.db';

const databaseUrl = z
  .string()
  .default(defaultDatabase)
  .refine((url) => /^(sqlite:.+|postgres(ql)?:\/\/.+)/.test(url), {
    error:
      'DATABASE_URL must be sqlite:<file>, such as sqlite:data/fieldbook.db, or postgres://user:password@host/database.',
  });

const settings = z.object({
  DATABASE_URL: databaseUrl,
  FIELDBOOK_SECRET: z
    .string()
    .transform((text) => text.split(',').map((secret) => secret.trim()))
    .refine((secrets) => secrets.every((secret) => secret.length >= 32), {
      error: 'FIELDBOOK_SECRET must have 32 characters or more; separate several with commas, the current one first.',
    })
    .optional(),
  FIELDBOOK_ENCRYPTION_KEYS: z
    .string()
    .transform((text) => text.split(',').map((key) => key.trim()))
    .refine((keys) => keys.every((key) => key.length >= 32), {
      error:
        'FIELDBOOK_ENCRYPTION_KEYS must have 32 characters or more; separate several with commas, the current one first.',
    })
    .optional(),
  FIELDBOOK_OIDC_ISSUER: z
    .url({ protocol: /^https?$/, error: 'FIELDBOOK_OIDC_ISSUER must be the address of an OpenID Connect provider.' })
    .optional(),
  FIELDBOOK_OIDC_CLIENT_ID: z.string().optional(),
  FIELDBOOK_OIDC_CLIENT_SECRET: z.string().optional(),
  FIELDBOOK_OIDC_ROLE_CLAIM: z.string().optional(),
  PORT: z.coerce
    .number({ error: 'PORT must be a number from 0 to 65535.' })
    .int({ error: 'PORT must be a whole number.' })
    .min(0, { error: 'PORT must be 0 or more.' })
    .max(65_535, { error: 'PORT must be 65535 or less.' })
    .default(4600),
  HOST: z.string().min(1, { error: 'HOST must be an address to listen on, such as 127.0.0.1.' }).default('127.0.0.1'),
  LOG_LEVEL: z
    .enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'], {
      error: 'LOG_LEVEL must be fatal, error, warn, info, debug, trace, or silent.',
    })
    .default('info'),
  FIELDBOOK_PUBLIC_URL: z
    .url({
      protocol: /^https?$/,
      error: 'FIELDBOOK_PUBLIC_URL must be an address such as https://fieldbook.example.com.',
    })
    .optional(),
  FIELDBOOK_REQUIRE_REASON: z
    .enum(['true', 'false'], { error: 'FIELDBOOK_REQUIRE_REASON must be true or false.' })
    .optional(),
  FIELDBOOK_TRUST_PROXY: z
    .string()
    .default('false')
    .transform(readProxies)
    .refine((proxies) => typeof proxies === 'number' || proxies.every(isNetwork), {
      error:
        'FIELDBOOK_TRUST_PROXY must be true for one proxy, the number of proxies, or their addresses with commas between, such as 10.0.0.0/8.',
    }),
});

/** `true` is one proxy: the caller may have written every address in front of the one that the nearest proxy wrote. */
function readProxies(text: string): number | string[] {
  if (text === 'false') return 0;
  if (text === 'true') return 1;
  return /^\d{1,2}$/.test(text) ? Number(text) : text.split(',').map((one) => one.trim());
}

const isNetwork = (text: string) =>
  ['loopback', 'linklocal', 'uniquelocal'].includes(text) || ipaddr.isValid(text) || ipaddr.isValidCIDR(text);

export interface Config {
  databaseUrl: string;
  /** The first secret is the current one. The others only decrypt what they encrypted. */
  secrets: string[];
  /** The keys of encrypted values. The first is the current one. The others only decrypt what they encrypted. */
  encryptionKeys: string[];
  port: number;
  host: string;
  logLevel: z.output<typeof settings>['LOG_LEVEL'];
  publicUrl: string | undefined;
  /** The proxies in front: their number or their addresses. */
  trustProxy: number | string[];
  /** The OpenID Connect provider of the team. `roleClaim` is the claim with a person's role, if one is set. */
  oidc: { issuer: string; clientId: string; clientSecret: string; roleClaim: string | undefined } | undefined;
  /** A change of a value in the console needs a reason. */
  requireReason: boolean;
}

/** A setting is wrong. The message says how to correct it. */
export class ConfigError extends Error {}

/**
 * Reads and validates all settings; nothing else reads them. Without a secret it creates one in a file that only the
 * owner can read.
 */
export function readConfig(environment: Record<string, string | undefined>): Config {
  // An empty variable (`PORT= npm start`) counts as absent.
  const given = Object.fromEntries(Object.entries(environment).filter(([, text]) => text !== ''));
  refuseUnknown(Object.keys(given));
  const parsed = settings.safeParse(given);
  if (!parsed.success) throw new ConfigError(parsed.error.issues.map(({ message }) => message).join('\n'));
  const read = parsed.data;
  return {
    databaseUrl: read.DATABASE_URL,
    secrets: read.FIELDBOOK_SECRET ?? [secretFromFile(read.DATABASE_URL, 'secret')],
    encryptionKeys: read.FIELDBOOK_ENCRYPTION_KEYS ?? [secretFromFile(read.DATABASE_URL, 'encryption-key')],
    port: read.PORT,
    host: read.HOST,
    logLevel: read.LOG_LEVEL,
    publicUrl: read.FIELDBOOK_PUBLIC_URL,
    trustProxy: read.FIELDBOOK_TRUST_PROXY,
    oidc: oidcOf(read),
    requireReason: read.FIELDBOOK_REQUIRE_REASON === 'true',
  };
}

// Settings of the commands that call a server. They can be in the same settings file.
const ofCommands = ['FIELDBOOK_URL', 'FIELDBOOK_ACCESS_KEY_ID', 'FIELDBOOK_ACCESS_KEY_SECRET'];

/** Without this check, a misspelt setting would have no effect and no message. */
function refuseUnknown(names: string[]): void {
  const known = [...Object.keys(settings.shape), ...ofCommands].filter((name) => name.startsWith('FIELDBOOK_'));
  const unknown = names.filter(
    (name) => name.startsWith('FIELDBOOK_') && !name.startsWith('FIELDBOOK_TEST_') && !known.includes(name),
  );
  if (!unknown.length) return;
  const sentences = unknown.map((name) => {
    const [nearest] = known.sort((a, b) => distance(name, a) - distance(name, b));
    return `There is no setting ${name}. Did you mean ${nearest}?`;
  });
  throw new ConfigError(sentences.join('\n'));
}

/** The Levenshtein distance: how many letters to add, remove or change. */
function distance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, at) => at);
  for (const [line, sign] of [...from].entries()) {
    const next = [line + 1];
    for (const [at, other] of [...to].entries()) {
      const changed = (row[at] ?? 0) + (sign === other ? 0 : 1);
      next.push(Math.min(changed, (row[at + 1] ?? 0) + 1, (next[at] ?? 0) + 1));
    }
    row = next;
  }
  return row[to.length] ?? 0;
}

/** A provider needs all its settings, and a public URL to return people to. */
function oidcOf(read: z.output<typeof settings>): Config['oidc'] {
  const { FIELDBOOK_OIDC_ISSUER: issuer, FIELDBOOK_OIDC_CLIENT_ID: clientId } = read;
  const { FIELDBOOK_OIDC_CLIENT_SECRET: clientSecret, FIELDBOOK_OIDC_ROLE_CLAIM: roleClaim } = read;
  if (!issuer) return undefined;
  if (!clientId || !clientSecret || !read.FIELDBOOK_PUBLIC_URL)
    throw new ConfigError(
      'FIELDBOOK_OIDC_ISSUER also needs FIELDBOOK_OIDC_CLIENT_ID, FIELDBOOK_OIDC_CLIENT_SECRET, and FIELDBOOK_PUBLIC_URL.',
    );
  return { issuer, clientId, clientSecret, roleClaim };
}

/** The absolute path of the file of an SQLite URL. */
export function sqliteFile(databaseUrl: string): string {
  return resolve(databaseUrl.slice('sqlite:'.length));
}

/** Makes the folder of a file level by level. Node's `recursive` option may never end if it can't make a folder. */
export function makeFolderOf(file: string): void {
  const folder = dirname(file);
  if (existsSync(folder)) return;
  makeFolderOf(folder);
  try {
    mkdirSync(folder);
    flush(dirname(folder));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'EEXIST') throw new ConfigError(`The folder ${folder} can't be made (${code}).`);
  }
}

/** Waits until a file, or the names in a folder, are on disk. */
export function flush(path: string): void {
  const handle = openSync(path, 'r');
  fsyncSync(handle);
  closeSync(handle);
}

function secretFromFile(url: string, kind: 'secret' | 'encryption-key'): string {
  const file = url.startsWith('sqlite:') ? `${sqliteFile(url)}.${kind}` : resolve(join('data', `fieldbook.${kind}`));
  makeFolderOf(file);
  if (!existsSync(file)) {
    // PostgreSQL can be on another machine, and this folder can be a container's. Values must not depend on it.
    if (kind === 'encryption-key' && !url.startsWith('sqlite:'))
      throw new ConfigError('FIELDBOOK_ENCRYPTION_KEYS must be set with PostgreSQL: 32 random characters or more.');
    makeSecret(file);
  }
  const secret = readFileSync(file, 'utf8').trim();
  if (!secret)
    throw new ConfigError(
      `${file} is empty, because a start was interrupted. Restore the file from a backup. Delete it only if nothing was stored yet.`,
    );
  if (secret.length < 32) throw new ConfigError(`${file} must hold a secret of 32 characters or more.`);
  return secret;
}

/** Makes the file of a secret whole or not at all, and on disk. Of two processes that start together one does, and both read it. */
function makeSecret(file: string): void {
  const part = `${file}.${randomBytes(6).toString('hex')}.part`;
  try {
    writeFileSync(part, randomBytes(48).toString('base64url'), { mode: 0o600, flag: 'wx', flush: true });
    linkSync(part, file);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'EEXIST') throw new ConfigError(`The file ${file} can't be made (${code}).`);
  } finally {
    rmSync(part, { force: true });
  }
  flush(dirname(file));
}
