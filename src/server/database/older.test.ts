import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import Sqlite from 'better-sqlite3';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { TargetType } from '#contract/target';
import { verifyActivity } from '../activity/verify.ts';
import { makeApp } from '../app.ts';
import { ConfigError } from '../config.ts';
import type { Server } from '../context.ts';
import { openServer } from '../open.ts';
import { sealEntries } from '../record/seal.ts';
import { addAccessKey } from '../staff/service.ts';
import { makeSchema } from '../testing/postgres.ts';
import { sealStored } from '../vault/sealing.ts';

// A database of the demo of 24 November 2026 (dded704, with 60 people), for both engines. Its last migration was
// 010-accounts. Every later version must open it without losing anything.

const isPostgres = process.env.FIELDBOOK_TEST_ENGINE === 'postgres';
const kept = (name: string) => gunzipSync(readFileSync(join(import.meta.dirname, 'older', name)));
const secret = 'the secret of a database of an older version';
const key = 'the key of a database of an older version';

type Row = Record<string, string | number | null>;
interface Place {
  url: string;
  /** The rows of a query, without our own code. */
  rows: (query: string) => Promise<Row[]>;
  remove: () => Promise<void>;
}

async function onSqlite(): Promise<Place> {
  const folder = mkdtempSync(join(tmpdir(), 'fieldbook-older-'));
  const file = join(folder, 'demo.db');
  writeFileSync(file, kept('demo.db.gz'));
  const rows = async (query: string) => {
    const connection = new Sqlite(file, { readonly: true });
    try {
      return connection.prepare(query).all() as Row[];
    } finally {
      connection.close();
    }
  };
  return { url: `sqlite:${file}`, rows, remove: async () => rmSync(folder, { recursive: true, force: true }) };
}

async function onPostgres(): Promise<Place> {
  const { url, remove } = await makeSchema();
  const rows = async (query: string) => {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    const { rows: found } = await client.query(query).finally(() => client.end());
    return found as Row[];
  };
  await rows(kept('demo.sql.gz').toString());
  return { url, rows, remove };
}

let place: Place;
let server: Server;
beforeEach(async () => {
  place = await (isPostgres ? onPostgres() : onSqlite());
});
afterEach(async () => {
  await server?.database.close();
  await place.remove();
});

const open = (listed = secret): Promise<Server> =>
  openServer({
    databaseUrl: place.url,
    secrets: [listed],
    encryptionKeys: [key],
    port: 0,
    host: '127.0.0.1',
    logLevel: 'silent' as const,
    publicUrl: undefined,
    oidc: undefined,
    trustProxy: 0,
    requireReason: false,
  });

/** Data that must not be lost, as the older version wrote it. */
const tables = {
  values: 'select field_id, target_id, value from field_values order by field_id, target_id',
  history: 'select id, at, kind, field_id, target_id, before, after, actor_name, plan_id from history order by id',
  activity: 'select id, at, kind, event, history_id, before_digest, after_digest, mac from activity order by id',
  seals: 'select seq, entry_id, key_id, hash from activity_seals order by seq',
  fields: 'select id, key, label, i18n, validate_rules, position, version from fields order by id',
  options: 'select field_id, value, label, i18n, position, retired from field_options order by field_id, position',
  claims: 'select scope, key, target_id from claims order by scope, key',
  users: 'select * from users order by id',
  departments: 'select * from departments order by id',
};
async function all(): Promise<Record<string, Row[]>> {
  const found: Record<string, Row[]> = {};
  for (const [name, query] of Object.entries(tables)) found[name] = numbered(await place.rows(query));
  return found;
}

/** PostgreSQL returns bigint ids as text. */
const numbered = (rows: Row[]): Row[] =>
  rows.map((row) =>
    Object.fromEntries(
      Object.entries(row).map(([name, value]) => [
        name,
        /^(id|seq|.*_id)$/.test(name) && value !== null && /^\d+$/.test(String(value)) ? Number(value) : value,
      ]),
    ),
  );

describe('a database of November 2026', () => {
  it('opens with every value, history row and audit log entry unchanged', async () => {
    const before = await all();
    expect(before.values?.length).toBe(604);
    expect(before.history?.length).toBe(771);
    server = await open();
    expect(await all()).toEqual(before);
    expect(await verifyActivity(server)).toMatchObject({ count: 771, faults: [] });
    await sealEntries(server);
    expect(await verifyActivity(server)).toMatchObject({ count: 771, unsealed: 0, faults: [] });
  });

  it('isn’t migrated by a start that is refused, as its secret is another one', async () => {
    const versions = () => place.rows('select name from migrations order by name');
    const before = await versions();
    await expect(open('another secret, which this database was not written under')).rejects.toThrow(ConfigError);
    expect(await versions()).toEqual(before);
    server = await open();
    expect((await versions()).length).toBeGreaterThan(before.length);
  });

  it('answers with its values, also encrypted ones, before and after they are encrypted again', async () => {
    const stored = await place.rows(`select f.key, f.target_type, f.encrypted, t.user_id, v.value from field_values v
      join fields f on f.id = v.field_id join users t on t.id = v.target_id where f.deleted_at is null`);
    server = await open();
    const app = await makeApp(server);
    const made = await addAccessKey(server, { name: 'Reader', scopes: ['read', 'reveal', 'write'] });
    const token = await app.inject({
      method: 'POST',
      url: '/api/v3/get-management-token',
      payload: { accessKeyId: made.id, accessKeySecret: made.secret },
    });
    const headers = { authorization: `Bearer ${token.json().data.access_token}` };
    const read = async (id: unknown): Promise<Record<string, unknown>> => {
      const type: TargetType = 'USER';
      const url = `/api/v3/get-custom-data?targetType=${type}&targetIdentifier=${id}`;
      return (await app.inject({ url, headers })).json().data;
    };
    const people = [...new Set(stored.map(({ user_id }) => user_id))];
    const answered = async () => new Map(await Promise.all(people.map(async (id) => [id, await read(id)] as const)));
    const first = await answered();
    for (const { key: name, encrypted, user_id, value } of stored) {
      const held = first.get(user_id)?.[String(name)];
      if (encrypted) expect(held, String(name)).toMatch(/\w{6,}/);
      else expect(held, String(name)).toEqual(JSON.parse(String(value)));
    }
    expect(stored.filter(({ encrypted }) => encrypted).length).toBeGreaterThan(30);
    await sealStored(server);
    const [{ open: left } = { open: null }] = await place.rows(
      'select count(*) as open from fields where encrypted = 1 and sealed_at is null',
    );
    expect(Number(left)).toBe(0);
    expect(await answered()).toEqual(first);
    await app.close();
  });
});
