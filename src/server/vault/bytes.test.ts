import { existsSync, readFileSync } from 'node:fs';
import { sql } from 'kysely';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { sqliteFile } from '../config.ts';
import { signer } from '../secrets.ts';
import { testApp } from '../testing/app.ts';
import { eraseUser } from './erase.ts';
import { sealStored } from './sealing.ts';

// A field is encrypted or a person is erased while others write. Afterwards no column of any table holds the old text,
// and on SQLite no byte of the files. The test lists the tables from the database, so that it includes new ones.

const secret = 'needle-in-the-haystack';
let api: Awaited<ReturnType<typeof testApp>>;
beforeEach(async () => {
  api = await testApp();
  await api.call('setCustomFields', {
    list: ['text', 'other'].map((key) => ({ targetType: 'USER' as const, key, isUnique: key === 'text' })),
  });
});
afterEach(() => api.close());

/** Those of our own schema: other tests make and drop theirs meanwhile. */
async function tablesOf({ engine, read }: typeof api.server.database): Promise<string[]> {
  const { rows } = await (engine === 'postgres'
    ? sql<{ name: string }>`select tablename as name from pg_tables where schemaname = current_schema()`
    : sql<{ name: string }>`select name from sqlite_master where type = 'table'`
  ).execute(read);
  return rows.map(({ name }) => name);
}

/** The tables whose rows hold a text; `file` for SQLite's own. */
async function holding(text: string): Promise<string[]> {
  const { engine, read } = api.server.database;
  const found: string[] = [];
  for (const name of await tablesOf(api.server.database)) {
    const { rows } = await sql<Record<string, unknown>>`select * from ${sql.table(name)}`.execute(read);
    const cells = rows.flatMap((row) => Object.values(row));
    const says = (cell: unknown) =>
      Buffer.isBuffer(cell) ? cell.includes(text) : JSON.stringify(cell)?.includes(text);
    if (cells.some(says)) found.push(name);
  }
  if (engine === 'postgres') return found;
  const file = sqliteFile(api.server.config.databaseUrl);
  const isOnDisk = [file, `${file}-wal`].some((name) => existsSync(name) && readFileSync(name).includes(text));
  return isOnDisk ? [...found, 'file'] : found;
}

/** Other writers, each on their own target, until they are told to stop. */
function writers(text: string) {
  let isOver = false;
  const write = async (name: number) => {
    const { userId } = (await api.call('createUser', { username: `w${name}` })).data;
    for (let count = 0; !isOver; count += 1)
      await api.call('setCustomData', {
        targetType: 'USER',
        targetIdentifier: userId,
        list: [
          { key: 'text', value: `${text} ${name} ${count}` },
          { key: 'other', value: `other ${count}` },
        ],
      });
  };
  const all = Promise.all([1, 2, 3].map(write));
  return async () => {
    isOver = true;
    await all;
  };
}

const person = (name: string, text: string) =>
  api
    .call('createUser', { username: `${name}-${text}`, name: text, customData: { text: `${text} of ${name}` } })
    .then(({ data }) => data.userId);

/** A draft, a view and history with a text. */
async function spread(targetIdentifier: string, text: string) {
  const staff = await api.staffWith('support');
  const who = { targetType: 'USER' as const, targetIdentifier };
  const typed = { base: text, mine: `${text} typed` };
  await staff('saveDraft', { ...who, draft: { builtin: { nickname: typed }, custom: { text: typed } } });
  for (const value of [`${text} once`, `${text} again`])
    await staff('setCustomData', { ...who, list: [{ key: 'text', value }] });
  return staff;
}

it('an encrypted field leaves no byte of its values, while others write values', async () => {
  const ada = (await api.call('createUser', { customData: { text: secret } })).data.userId;
  const staff = await spread(ada, secret);
  await staff('saveDraft', {
    targetType: 'USER',
    targetIdentifier: ada,
    draft: { builtin: {}, custom: { text: { base: secret, mine: secret } } },
  });
  const filter = JSON.stringify(['text', 'EQUAL', secret]);
  const query = new URLSearchParams({ filter }).toString();
  await staff('saveView', { targetType: 'USER', name: 'V', query, shared: true });
  expect((await holding(secret)).length).toBeGreaterThan(3);
  const stop = writers(secret);
  await new Promise((resume) => setTimeout(resume, 300));
  await api.call('setCustomFields', { list: [{ targetType: 'USER', key: 'text', encrypted: true }] });
  await sealStored(api.server);
  await stop();
  await sealStored(api.server);
  expect((await api.call('getSealing', { targetType: 'USER', key: 'text' })).data.left).toBe(0);
  expect(await holding(secret)).toEqual([]);
}, 60_000);

it.runIf(process.env.FIELDBOOK_TEST_ENGINE !== 'postgres')(
  'no name or value of an erased person stays in the search index',
  async () => {
    const { database, secrets } = api.server;
    for (let at = 0; at < 40; at += 1) await person(`somebody ${at}`, `text ${at}`);
    // Egyptian letters, so that nobody else has the same grams. The index writes grams as code points.
    const ada = await person('\u{13001}\u{13002}\u{13003}', '\u{13011}\u{13012}\u{13013}');
    const held = async () => {
      const found: string[] = [];
      for (const table of ['search_data', 'value_search_data']) {
        const { rows } = await sql<{ block: Uint8Array }>`select block from ${sql.table(table)}`.execute(database.read);
        const all = Buffer.concat(rows.map(({ block }) => block)).toString('latin1');
        if (/x130[01]3/.test(all)) found.push(table);
      }
      return found;
    };
    expect(await held()).toEqual(['search_data', 'value_search_data']);
    await eraseUser(
      api.server,
      { kind: 'system', id: 'x', name: 'Test', through: 'command', sign: signer(secrets) },
      ada,
    );
    expect(await held()).toEqual([]);
  },
);

it('a saved view keeps no name or address of an erased person, and everything else', async () => {
  const staff = await api.staffWith('administrator');
  const { userId } = (
    await api.call('createUser', { username: 'gone', name: 'Ada Lovelace', email: 'ada@example.com' })
  ).data;
  const filter = (...parts: unknown[]) => ['filter', JSON.stringify(parts)] as [string, string];
  const save = async (name: string, ...pairs: [string, string][]) => {
    const query = new URLSearchParams(pairs).toString();
    await staff('saveView', { targetType: 'USER', name, query, shared: true });
    return query;
  };
  const other = await save('other', filter('email', 'EQUAL', 'ben@example.com'), ['q', 'Lovelace'], ['sort', 'name']);
  await save('named', ['q', 'ada lovelace'], ['sort', 'name']);
  await save('written', filter('email', 'IN', ['ben@example.com', 'ADA@example.com']), filter('other', 'NOT_NULL'));
  const sign = signer(api.server.secrets);
  await eraseUser(api.server, { kind: 'system', id: 'x', name: 'Test', through: 'command', sign }, userId);
  const views = (await staff('listViews', { targetType: 'USER' })).data.map(({ name, query }) => [name, query]);
  expect(Object.fromEntries(views)).toEqual({
    other,
    named: 'sort=name',
    written: new URLSearchParams([filter('other', 'NOT_NULL')]).toString(),
  });
});

it('a saved view keeps no filter by what an erased person alone had, and those by what others have too', async () => {
  const admin = await api.staffWith('administrator');
  const fields = [{ key: 'team' }, { key: 'desk', dataType: 'NUMBER' as const }];
  await admin('setCustomFields', { list: fields.map((field) => ({ targetType: 'USER' as const, ...field })) });
  const profile = { address: 'Lane 4711', city: 'Turku', customData: { team: 'Team of one', desk: 4711 } };
  const { userId } = (await api.call('createUser', profile)).data;
  await api.call('createUser', { address: 'Lane 4712', city: 'Turku', customData: { team: 'All' } });
  await api.call('createUser', { customData: { team: 'Team of one and more', desk: 4712 } });
  const asked = [
    ['address', 'EQUAL', 'lane 4711'],
    ['address', 'EQUAL', 'Lane 4712'],
    ['city', 'EQUAL', 'Turku'],
    ['team', 'IN', ['All', 'Team of one']],
    ['team', 'EQUAL', 'Team of one and more'],
    ['desk', 'EQUAL', 4711],
    ['desk', 'EQUAL', 4712],
  ];
  const query = new URLSearchParams(asked.map((filter) => ['filter', JSON.stringify(filter)])).toString();
  expect(await admin('saveView', { targetType: 'USER', name: 'Of one', query, shared: true })).toMatchObject({
    statusCode: 200,
  });
  await eraseUser(
    api.server,
    { kind: 'system', id: 'x', name: 'Test', through: 'command', sign: signer(api.server.secrets) },
    userId,
  );
  const view = (await admin('listViews', { targetType: 'USER' })).data.find(({ name }) => name === 'Of one');
  const kept = new URLSearchParams(view?.query).getAll('filter').map((filter) => JSON.parse(filter));
  expect(kept).toEqual([asked[1], asked[2], asked[4], asked[6]]);
});

it('an erased person leaves no byte, while others write', async () => {
  const ada = await person('ada', secret);
  await spread(ada, secret);
  expect((await holding(secret)).length).toBeGreaterThan(3);
  const stop = writers('others');
  const sign = signer(api.server.secrets);
  await eraseUser(api.server, { kind: 'system', id: 'x', name: 'Test', through: 'command', sign }, ada);
  await stop();
  await sealStored(api.server);
  expect(await holding(secret)).toEqual([]);
}, 60_000);
