import { spawn } from 'node:child_process';
import { copyFileSync, existsSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import Sqlite from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Right } from '#contract/wire/endpoint';
import { sqliteFile } from '../config.ts';
import type { Schema } from '../database/schema.ts';
import { hashPassword } from '../staff/passwords.ts';
import { addAccessKey, addStaff } from '../staff/service.ts';
import { testApp } from '../testing/app.ts';
import { backUp } from './backup.ts';
import { restoreSteps } from './restore.ts';

const isSqlite = process.env.FIELDBOOK_TEST_ENGINE !== 'postgres';

let api: Awaited<ReturnType<typeof testApp>>;
let live: string;
let saved: string;
beforeEach(async () => {
  if (!isSqlite) return;
  api = await testApp();
  live = sqliteFile(api.server.config.databaseUrl);
  saved = join(dirname(live), 'saved.db');
});
afterEach(() => api?.close());

/** Restores in another process that kills itself at a step. Returns its exit code, its output and its signal. */
function restoreElsewhere(file: string, killAt = '') {
  const code = `import { restore } from ${JSON.stringify(new URL('./restore.ts', import.meta.url).href)};
    const [config, file, killAt] = process.argv.slice(1);
    await restore(JSON.parse(config), file, (step) => step === killAt && process.kill(process.pid, 'SIGKILL'))
      .catch((error) => { console.error(error.message); process.exitCode = 1; });`;
  const words = ['--import', 'tsx', '--input-type=module', '-e', code, JSON.stringify(api.server.config), file, killAt];
  const child = spawn(process.execPath, words, { stdio: ['ignore', 'inherit', 'pipe'] });
  let said = '';
  child.stderr.on('data', (text) => {
    said += text;
  });
  return new Promise<{ code: number | null; signal: string | null; said: string }>((resolve) =>
    child.on('close', (exit, signal) => resolve({ code: exit, signal, said })),
  );
}

const namesIn = (file: string): string[] => {
  const connection = new Sqlite(file, { readonly: true });
  try {
    return connection.prepare('select username from users').pluck().all() as string[];
  } finally {
    connection.close();
  }
};
const keptFiles = () =>
  readdirSync(dirname(live))
    .filter((name) => /\.before-restore-\w+$/.test(name))
    .map((name) => join(dirname(live), name));

/** Simulates the time after which a restore counts as killed. */
function passTime() {
  const mark = `${live}.restoring`;
  if (existsSync(mark)) utimesSync(mark, 0, 0);
}

describe.skipIf(!isSqlite)('a restore', () => {
  it('killed at any step leaves the old or the new database, and revoked stays revoked', async () => {
    const caller = await api.callerWith(['read']);
    const admin = await api.staffWith('administrator');
    await api.call('createUser', { username: 'then' });
    backUp(api.server.config, saved);
    await api.call('createUser', { username: 'now' });
    const { read, write } = api.server.database;
    const newest = await read.selectFrom('accessKeys').select('id').orderBy('createdAt', 'desc').executeTakeFirst();
    const at = new Date().toISOString();
    await write
      .updateTable('accessKeys')
      .set({ revokedAt: at })
      .where('id', '=', newest?.id ?? '')
      .execute();
    expect(await caller('listUsers', {})).toMatchObject({ statusCode: 401 });
    await admin('signOut', {});
    for (const step of restoreSteps) {
      expect(await restoreElsewhere(saved, step)).toMatchObject({ signal: 'SIGKILL' });
      passTime();
      const { data } = await api.call('listUsers', {});
      const isNew = step === 'switched';
      expect(data.list.map(({ username }) => username).sort(), step).toEqual(isNew ? ['then'] : ['now', 'then']);
      expect(await caller('listUsers', {}), step).toMatchObject({ statusCode: 401 });
      expect(await admin('listUsers', {}), step).toMatchObject({ statusCode: 401 });
      expect((await api.call('createRole', { code: step, name: step })).statusCode, step).toBe(200);
    }
    // The next restore removes the files of a killed one.
    expect(await restoreElsewhere(saved)).toEqual({ code: 0, signal: null, said: '' });
    expect(
      readdirSync(dirname(live)).filter((name) => /restor/.test(name) && !/before-restore-\w+$/.test(name)),
    ).toEqual([]);
  }, 180_000);

  it('during writes loses no acknowledged write, and blocks writes meanwhile', async () => {
    backUp(api.server.config, saved);
    const acknowledged: { username: string; at: number }[] = [];
    const refused = new Set<string>();
    let isOver = false;
    const writer = async (name: string) => {
      for (let count = 0; !isOver; count += 1) {
        const username = `${name}${count}`;
        const key = await api.keyHeaders().catch(() => undefined);
        if (!key) await pause(20);
        if (!key) continue;
        for (let at = 0; at < 20 && !isOver; at += 1) {
          const answer = await api.ask('createUser', { username: `${username}-${at}` }, key);
          const { statusCode } = answer.json();
          if (statusCode === 200) acknowledged.push({ username: `${username}-${at}`, at: Date.now() });
          else if (statusCode === 503) refused.add(String(answer.headers['retry-after']));
          else break;
        }
      }
    };
    const writers = ['a', 'b', 'c', 'd'].map(writer);
    try {
      for (let times = 0; times < 3; times += 1) {
        expect(await restoreElsewhere(saved)).toEqual({ code: 0, signal: null, said: '' });
        await pause(300);
      }
    } finally {
      isOver = true;
      await Promise.all(writers);
    }
    const there = new Set([live, ...keptFiles()].flatMap(namesIn));
    expect(acknowledged.length).toBeGreaterThan(20);
    expect(acknowledged.filter(({ username }) => !there.has(username))).toEqual([]);
    expect([...refused]).toEqual(['5']);
  }, 180_000);

  it('of a foreign, damaged or incomplete file changes nothing', async () => {
    await api.call('createUser', { username: 'now' });
    backUp(api.server.config, saved);
    const file = join(dirname(live), 'other.db');
    const make = (...statements: string[]) => {
      rmSync(file, { force: true });
      const connection = new Sqlite(file);
      for (const statement of statements) connection.exec(statement);
      connection.close();
    };
    const from = (...statements: string[]) => {
      copyFileSync(saved, file);
      const connection = new Sqlite(file);
      connection.pragma('foreign_keys = OFF');
      for (const statement of statements) connection.exec(statement);
      connection.close();
    };
    const damage = () => {
      const bytes = readFileSync(saved);
      bytes.fill(7, Math.floor(bytes.length / 2), Math.floor(bytes.length / 2) + 9_000);
      writeFileSync(file, bytes);
    };
    const keys = 'create table access_keys (id text, secret text, revoked_at text)';
    const cases = [
      () => make('create table migrations (name text)', keys),
      () => make('create table migrations (name text)', keys, "insert into migrations values ('001-foundation')"),
      () => make('create table notes (text text)'),
      () => from('drop table users'),
      () => from('alter table staff drop column totp_step'),
      () => from("insert into migrations values ('999-later', '')"),
      () => from("delete from migrations where name like '003%'"),
      () => writeFileSync(file, ''),
      damage,
    ];
    const before = readFileSync(live);
    for (const [index, prepare] of cases.entries()) {
      prepare();
      const { code, said } = await restoreElsewhere(file);
      expect([index, code, said]).toEqual([
        index,
        1,
        expect.stringMatching(/isn’t a Fieldbook backup|is damaged|newer Fieldbook/),
      ]);
      expect(readFileSync(live).equals(before), String(index)).toBe(true);
      expect(keptFiles()).toEqual([]);
    }
  }, 180_000);

  it('makes no recovery code and no authenticator code usable that was used since', async () => {
    await api.staffWith('support');
    const { read, write } = api.server.database;
    const { id } = await read.selectFrom('staff').select('id').executeTakeFirstOrThrow();
    const codes = ['left', 'used'].map((digest) => ({ staffId: id, digest }));
    await write.insertInto('recoveryCodes').values(codes).execute();
    backUp(api.server.config, saved);
    await write.deleteFrom('recoveryCodes').where('digest', '=', 'used').execute();
    await write.updateTable('staff').set({ totpStep: 77 }).execute();
    expect(await restoreElsewhere(saved)).toEqual({ code: 0, signal: null, said: '' });
    expect(await read.selectFrom('recoveryCodes').select('digest').execute()).toEqual([{ digest: 'left' }]);
    expect(await read.selectFrom('staff').select('totpStep').execute()).toEqual([{ totpStep: 77 }]);
  }, 60_000);

  const restored = async () => expect(await restoreElsewhere(saved)).toEqual({ code: 0, signal: null, said: '' });
  const [leaked, changed] = ['leaked long password', 'another long password'];
  const add = (email: string, role: string) => addStaff(api.server, { email, name: email, role, password: leaked });
  const signIn = async (email: string, password: string) =>
    (
      await api.app.inject({ method: 'POST', url: '/api/console/sign-in', payload: { email, password } })
    ).json() as Awaited<ReturnType<typeof api.call<'signIn'>>>;
  const setStaff = async (email: string, set: Partial<Schema['staff']>) =>
    api.server.database.write.updateTable('staff').set(set).where('email', '=', email).execute();

  it('leaves people the password, the second factor and the role that they have now', async () => {
    for (const name of ['changed', 'guarded', 'unguarded', 'lower']) await add(`${name}@example.com`, 'administrator');
    const { read, write } = api.server.database;
    const totpSecret = api.server.secrets.seal('totp', 'JBSWY3DPEHPK3PXP');
    await setStaff('unguarded@example.com', { totpSecret, disabledAt: new Date().toISOString() });
    backUp(api.server.config, saved);
    await setStaff('changed@example.com', { password: await hashPassword(changed) });
    await setStaff('guarded@example.com', { totpSecret });
    await setStaff('unguarded@example.com', { totpSecret: null, disabledAt: null });
    await setStaff('lower@example.com', { role: 'support' });
    const guarded = read.selectFrom('staff').select('id').where('email', '=', 'guarded@example.com');
    const { id: staffId } = await guarded.executeTakeFirstOrThrow();
    await write.insertInto('recoveryCodes').values({ staffId, digest: 'new' }).execute();
    await restored();
    expect(await signIn('changed@example.com', leaked)).toMatchObject({ error: 'wrongPassword' });
    expect(await signIn('changed@example.com', changed)).toMatchObject({ data: { role: { id: 'administrator' } } });
    expect(await signIn('guarded@example.com', leaked)).toMatchObject({ error: 'codeRequired' });
    expect(await read.selectFrom('recoveryCodes').selectAll().execute()).toEqual([{ staffId, digest: 'new' }]);
    expect(await signIn('unguarded@example.com', leaked)).toMatchObject({ statusCode: 200 });
    expect(await signIn('lower@example.com', leaked)).toMatchObject({ data: { role: { id: 'support' } } });
  }, 60_000);

  it('leaves an administrator where the only one of the file is none any more, and nobody a wider role', async () => {
    await add('former@example.com', 'administrator');
    const admin = await api.staffWith('administrator');
    const save = async (name: string, rights: Right[], id?: string) =>
      (await admin('saveStaffRole', { ...(id && { id }), name, rights, tenants: null })).data.id;
    const [narrowed, deleted] = [await save('Narrowed', ['read', 'write']), await save('Deleted', ['read'])];
    const key = (await admin('createAccessKey', { name: 'Key', scopes: ['read'], role: deleted })).data;
    await api.call('setCustomFields', { list: [{ targetType: 'USER', key: 'salary' }] });
    const { userId } = (await api.call('createUser', { customData: { salary: 'high' } })).data;
    backUp(api.server.config, saved);
    await save('Narrowed', ['read'], narrowed);
    await admin('deleteStaffRole', { id: deleted });
    const made = await save('Made', ['read']);
    await api.call('setCustomFields', { list: [{ targetType: 'USER', key: 'salary', access: { [made]: 'hidden' } }] });
    await add('narrowed@example.com', narrowed);
    await add('made@example.com', made);
    await add('new@example.com', 'administrator');
    await api.server.database.write
      .updateTable('staff')
      .set({ role: 'support' })
      .where('role', '=', 'administrator')
      .where('email', '<>', 'new@example.com')
      .execute();
    await restored();
    const rightsOf = async (email: string) => (await signIn(email, leaked)).data?.rights;
    expect(await rightsOf('new@example.com')).toContain('staff');
    expect(await rightsOf('former@example.com')).not.toContain('staff');
    expect(await rightsOf('narrowed@example.com')).toEqual(['read']);
    const answer = await api.app.inject({
      method: 'POST',
      url: '/api/console/sign-in',
      payload: { email: 'made@example.com', password: leaked },
    });
    const cookie = answer.cookies.map(({ name, value }) => `${name}=${value}`).join('; ');
    const values = await api.callAs({ cookie, 'sec-fetch-site': 'same-origin' })('getCustomData', {
      targetType: 'USER',
      targetIdentifier: userId,
    });
    expect(values).toMatchObject({ statusCode: 200, data: {} });
    expect(values.data).not.toHaveProperty('salary');
    expect(await (await api.keyCall(key))('listUsers', {})).toMatchObject({ statusCode: 401 });
  }, 60_000);

  it('leaves a rotated key no more than whoever rotated it has, and its former secret no more than its former maker', async () => {
    const { id } = await addAccessKey(api.server, { name: 'Key' });
    backUp(api.server.config, saved);
    const former = { formerMakerId: 'another', formerMakerRole: 'auditor' };
    const rotated = { rotatedAt: new Date().toISOString(), makerId: 'somebody', makerRole: 'support', ...former };
    await api.server.database.write.updateTable('accessKeys').set(rotated).where('id', '=', id).execute();
    await restored();
    const keys = api.server.database.read.selectFrom('accessKeys').selectAll().where('id', '=', id);
    expect(await keys.executeTakeFirst()).toMatchObject(rotated);
  }, 60_000);

  it('into a new installation keeps both teams', async () => {
    await add('then@example.com', 'administrator');
    await add('both@example.com', 'administrator');
    backUp(api.server.config, saved);
    const { write } = api.server.database;
    await write.updateTable('pool').set({ poolId: 'another' }).execute();
    await write.deleteFrom('staff').execute();
    await add('both@example.com', 'support');
    await setStaff('both@example.com', { password: await hashPassword(changed) });
    await restored();
    expect((await signIn('then@example.com', leaked)).data?.rights).toContain('staff');
    // Nobody of the new installation could have decided about a role.
    expect((await signIn('both@example.com', changed)).data?.rights).toContain('staff');
    expect(await signIn('both@example.com', leaked)).toMatchObject({ error: 'wrongPassword' });
  }, 60_000);
});
