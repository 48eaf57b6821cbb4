import { createCipheriv, createDecipheriv, createHmac, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { type Kysely, sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sqliteFile } from '../config.ts';
import type { Server } from '../context.ts';
import { migrations } from '../database/migrations.ts';
import { testApp } from '../testing/app.ts';
import { eraseUser } from './erase.ts';
import { rotateHashKey, rotateKeys, verifyKeys } from './rotate.ts';
import { sealStored } from './sealing.ts';
import { makeVault } from './vault.ts';

let api: Awaited<ReturnType<typeof testApp>>;
let server: Server;
beforeEach(async () => {
  api = await testApp();
  server = api.server;
});
afterEach(() => api.close());

const silent = () => {};
const define = (list: object[]) =>
  api.call('setCustomFields', { list: list.map((item) => ({ targetType: 'USER' as const, key: '', ...item })) });
const person = async (username: string, customData: Record<string, unknown>) =>
  (await api.call('createUser', { username, customData })).data.userId;
const read = async (userId: string) =>
  (await api.call('getCustomData', { targetType: 'USER', targetIdentifier: userId })).data;
const write = (userId: string, key: string, value: unknown) =>
  api.call('setCustomData', { targetType: 'USER', targetIdentifier: userId, list: [{ key, value }] });
const found = async (field: string, operator: 'EQUAL' | 'IN' | 'NOT_EQUAL' | 'NOT_NULL', value?: unknown) => {
  const { data, error } = await api.call('listUsers', { advancedFilter: [{ field, operator, value }] });
  return error ?? data.list.map(({ username }) => username).sort();
};
/** All bytes of the database on disk. */
const bytes = () => {
  const file = sqliteFile(server.config.databaseUrl);
  return Buffer.concat([file, `${file}-wal`].map((path) => readFileSync(path)));
};
const rows = async () =>
  JSON.stringify([
    await server.database.read.selectFrom('fieldValues').selectAll().execute(),
    await server.database.read.selectFrom('history').selectAll().execute(),
    await server.database.read.selectFrom('claims').selectAll().execute(),
    await server.database.read.selectFrom('activity').selectAll().execute(),
    await server.database.read.selectFrom('drafts').selectAll().execute(),
    await server.database.read.selectFrom('views').selectAll().execute(),
  ]);

const everyType = [
  { key: 'text', encrypted: true },
  { key: 'number', dataType: 'NUMBER', encrypted: true },
  { key: 'date', dataType: 'DATETIME', encrypted: true },
  { key: 'yes', dataType: 'BOOLEAN', encrypted: true },
  {
    key: 'pick',
    dataType: 'ENUM',
    encrypted: true,
    options: [
      { value: 'a', label: 'A' },
      { value: 'b', label: 'B' },
    ],
  },
];

/** Encrypts everything without padding, as before migration 017. */
async function sealAsOlder({ config, database, vault }: Server) {
  const wrapping = createHmac('sha256', config.encryptionKeys[0] ?? '')
    .update('fieldbook:encryption')
    .digest();
  const keys = await database.read.selectFrom('targetKeys').selectAll().execute();
  const sealed = async (fieldId: number, targetId: number, text: string) => {
    const [nonce, body, tag] = (keys.find((row) => row.targetId === targetId)?.sealed ?? '')
      .split('.')
      .map((part) => Buffer.from(part, 'base64url'));
    const opening = createDecipheriv('aes-256-gcm', wrapping, nonce ?? '').setAAD(Buffer.from(`target ${targetId}`));
    const key = opening.setAuthTag(tag ?? Buffer.of()).update(body ?? Buffer.of());
    const [json = null] = await vault.open(database.read, [{ fieldId, targetId, text }]);
    const fresh = randomBytes(12);
    const cipher = createCipheriv('aes-256-gcm', key, fresh).setAAD(Buffer.from(`${fieldId}:${targetId}`));
    const parts = [fresh, cipher.update(json ?? ''), Buffer.concat([cipher.final(), cipher.getAuthTag()])];
    return `~${parts.map((part) => part.toString('base64url')).join('.')}`;
  };
  for (const { fieldId, targetId, value } of await database.read.selectFrom('fieldValues').selectAll().execute()) {
    const row = { value: await sealed(fieldId, targetId, value) };
    const query = database.write.updateTable('fieldValues').set(row);
    await query.where('fieldId', '=', fieldId).where('targetId', '=', targetId).execute();
  }
  const history = database.read.selectFrom('history').selectAll().where('kind', '=', 'value');
  for (const { id, fieldId, targetId, after } of await history.execute()) {
    const row = { after: await sealed(fieldId ?? 0, targetId ?? 0, after ?? '') };
    await database.write.updateTable('history').set(row).where('id', '=', id).execute();
  }
  await migrations['017-sealed-lengths']?.(database.write as unknown as Kysely<never>);
}

describe('an encrypted field', () => {
  it('returns what was stored, of every type, and finds it by hash if the type has enough values', async () => {
    await define(everyType);
    const customData = { text: '秘密 ＡＢＣ', number: 1234.5, date: '2024-02-29T08:00:00.000Z', yes: true, pick: 'b' };
    const ada = await person('ada', customData);
    await person('ben', { text: 'other', number: 7 });
    expect(await read(ada)).toEqual(customData);
    expect(await rows()).not.toContain('秘密');
    expect(await found('text', 'EQUAL', '秘密 ＡＢＣ')).toEqual(['ada']);
    expect(await found('text', 'IN', ['other', '秘密 ＡＢＣ'])).toEqual(['ada', 'ben']);
    expect(await found('text', 'NOT_EQUAL', 'other')).toEqual(['ada']);
    expect(await found('number', 'EQUAL', '1234.50')).toEqual(['ada']);
    expect(await found('date', 'EQUAL', '2024-02-29T09:00:00+01:00')).toEqual(['ada']);
    expect(await found('pick', 'NOT_NULL')).toEqual(['ada']);
    expect(await found('pick', 'EQUAL', 'b')).toBe('validation');
    expect(await found('yes', 'EQUAL', true)).toBe('validation');
    const { error } = await api.call('listUsers', { options: { sort: [{ field: 'text', order: 'ASC' }] } });
    expect(error).toBe('validation');
    await write(ada, 'text', 'new');
    await write(ada, 'pick', null);
    expect(await read(ada)).toEqual({ ...customData, text: 'new', pick: undefined });
    const history = (await api.call('listHistory', { targetType: 'USER', targetIdentifier: ada, key: 'text' })).data;
    expect(history.list.map(({ before, after }) => [before, after])).toEqual([
      ['秘密 ＡＢＣ', 'new'],
      [null, '秘密 ＡＢＣ'],
    ]);
  });

  it('is unique through the hash, also for concurrent writers', async () => {
    await define([{ key: 'badge', encrypted: true, isUnique: true }]);
    const ids = await Promise.all(['a', 'b', 'c', 'd'].map((name) => person(name, {})));
    const answers = await Promise.all(ids.map((id) => write(id, 'badge', 'B-1')));
    expect(answers.map(({ statusCode }) => statusCode).sort()).toEqual([200, 409, 409, 409]);
  });

  it('refuses a value that was moved to another person or field', async () => {
    await define([{ key: 'text', encrypted: true }]);
    const ada = await person('ada', { text: 'hers' });
    const ben = await person('ben', { text: 'his' });
    const values = await server.database.read.selectFrom('fieldValues').selectAll().orderBy('targetId').execute();
    await server.database.write
      .updateTable('fieldValues')
      .set({ value: values[0]?.value ?? '' })
      .where('targetId', '=', values[1]?.targetId ?? 0)
      .execute();
    expect((await read(ada)).text).toBe('hers');
    expect((await api.call('getCustomData', { targetType: 'USER', targetIdentifier: ben })).error).toBe('internal');
  });

  it('moves the holders of an option, counts them for a reader of plain text, and undoes it', async () => {
    await define(everyType);
    const ada = await person('ada', { pick: 'b' });
    const request = {
      changes: [
        {
          targetType: 'USER' as const,
          key: 'pick',
          options: [{ value: 'a', label: 'A' }],
          dispositions: [{ value: 'b', disposition: 'move' as const, to: 'a' }],
        },
      ],
    };
    const { data } = await api.call('planFields', request);
    expect(data.fields[0]?.options).toMatchObject([{ value: 'b', holders: 1 }]);
    const { planId } = (await api.call('applyPlan', { ...request, token: data.token })).data;
    expect((await read(ada)).pick).toBe('a');
    await api.call('undoPlan', { planId });
    expect((await read(ada)).pick).toBe('b');
  });

  it('has a ciphertext length that doesn’t disclose the value, and encrypts older ciphertexts again', async () => {
    const options = ['b', 'x'.repeat(100)].map((value) => ({ value, label: value }));
    await define([...everyType.slice(0, 4), { key: 'pick', dataType: 'ENUM', encrypted: true, options }]);
    const ada = await person('ada', { yes: true, pick: 'b', text: 'Ada' });
    const ben = await person('ben', { yes: false, pick: options[1]?.value, text: 'Benjamin' });
    const lengths = async () => {
      const { read: db } = server.database;
      const held = await db.selectFrom('fieldValues').select(['fieldId', 'value as text']).execute();
      const was = await db
        .selectFrom('history')
        .select(['fieldId', 'after as text'])
        .where('kind', '=', 'value')
        .execute();
      const all = [...held, ...was].filter(({ text }) => text !== null);
      return [...new Set(all.map(({ fieldId, text }) => `${fieldId} ${text?.length}`))].sort();
    };
    const well = await lengths();
    expect(well).toHaveLength(3);
    await sealAsOlder(server);
    expect((await lengths()).length).toBe(6);
    await sealStored(server);
    expect(await lengths()).toEqual(well);
    expect(await read(ada)).toEqual({ yes: true, pick: 'b', text: 'Ada' });
    expect(await read(ben)).toEqual({ yes: false, pick: options[1]?.value, text: 'Benjamin' });
    const { data } = await api.call('listHistory', { targetType: 'USER', targetIdentifier: ada, key: 'yes' });
    expect(data.list.map(({ after }) => after)).toEqual([true]);
  });

  it('that is turned on removes drafts of a key with a pattern character, and no draft of other keys', async () => {
    await define([{ key: 'id_number' }, { key: 'idXnumber' }]);
    const staff = await api.staffWith('support');
    const save = async (key: string, targetIdentifier: string) =>
      staff('saveDraft', {
        targetType: 'USER',
        targetIdentifier,
        draft: { builtin: {}, custom: { [key]: { base: null, mine: `typed into ${key}` } } },
      });
    await save('id_number', await person('ada', {}));
    await save('idXnumber', await person('ben', {}));
    await define([{ key: 'id_number', encrypted: true }]);
    const left = JSON.stringify(await server.database.read.selectFrom('drafts').selectAll().execute());
    expect(left).not.toContain('typed into id_number');
    expect(left).toContain('typed into idXnumber');
  });

  it('that is turned on leaves no plain text: values, history, claims, search index, drafts, views, and the bytes on disk', async () => {
    const secret = 'needle-in-the-haystack';
    await define([{ key: 'text', isUnique: true }, { key: 'other' }]);
    const ada = await person('ada', { text: secret, other: 'stays' });
    await write(ada, 'text', `${secret}-2`);
    await write(ada, 'text', secret);
    const staff = await api.staffWith('support');
    const draft = { builtin: {}, custom: { text: { base: null, mine: `${secret}-typed` } } };
    await staff('saveDraft', { targetType: 'USER', targetIdentifier: ada, draft });
    const query = new URLSearchParams([
      ['filter', JSON.stringify(['text', 'EQUAL', secret])],
      ['sort', 'name'],
    ]).toString();
    await staff('saveView', { targetType: 'USER', name: 'Mine', query, shared: false });
    for (let at = 0; at < 250; at += 50)
      await api.call('createUsersBatch', {
        list: Array.from({ length: 50 }, (_, index) => ({
          username: `u${at + index}`,
          customData: { text: `${secret}-u${at + index}` },
        })),
      });
    expect(await rows()).toContain(secret);
    await define([{ key: 'text', encrypted: true }]);
    // Until the work is done, both forms exist side by side, and queries find all values.
    expect((await read(ada)).text).toBe(secret);
    expect(await found('text', 'EQUAL', secret)).toEqual(['ada']);
    expect((await api.call('getSealing', { targetType: 'USER', key: 'text' })).data.left).toBeGreaterThan(0);
    // How many hold a value isn't told to everybody.
    const definer = await api.callerWith(['define']);
    expect((await definer('getSealing', { targetType: 'USER', key: 'text' })).data.left).toBeNull();
    expect((await write(await person('late', {}), 'text', secret)).statusCode).toBe(409);
    await sealStored(server);
    expect((await api.call('getSealing', { targetType: 'USER', key: 'text' })).data.left).toBe(0);
    expect((await read(ada)).text).toBe(secret);
    expect((await read(ada)).other).toBe('stays');
    expect(await found('text', 'EQUAL', `${secret}-u200`)).toEqual(['u200']);
    expect((await write(await person('later', {}), 'text', secret)).statusCode).toBe(409);
    expect(await rows()).not.toContain(secret);
    expect((await staff('listViews', { targetType: 'USER' })).data[0]?.query).toBe('sort=name');
    const history = (await api.call('listHistory', { targetType: 'USER', targetIdentifier: ada, key: 'text' })).data;
    expect(history.list.map(({ after }) => after)).toEqual([secret, `${secret}-2`, secret]);
    if (server.database.engine === 'sqlite') {
      expect(bytes().includes('stays')).toBe(true);
      expect(bytes().includes(secret)).toBe(false);
    } else {
      const { rows: grams } =
        await sql`select * from value_search v join fields f on f.id = v.field_id where f.key = 'text'`.execute(
          server.database.read,
        );
      expect(grams).toEqual([]);
    }
  });

  it('can’t be turned off', async () => {
    await define([{ key: 'text', encrypted: true }]);
    expect(await define([{ key: 'text', encrypted: false }])).toMatchObject({ error: 'encryptedFixed' });
  });
});

describe('desensitization', () => {
  it('is turned off only by a caller who can reveal', async () => {
    await define([{ key: 'text', desensitization: true }]);
    expect(await define([{ key: 'text', desensitization: false }])).toMatchObject({
      error: 'forbidden',
      issues: [{ path: ['list', 0, 'desensitization'], name: 'needsRevealRight' }],
    });
    const reveal = await api.callerWith(['define', 'read', 'reveal']);
    const list = [{ targetType: 'USER' as const, key: 'text', desensitization: false }];
    expect((await reveal('setCustomFields', { list })).statusCode).toBe(200);
  });
});

describe('keys', () => {
  it('are rotated while people write, also after an interruption', async () => {
    await define([{ key: 'text', encrypted: true, isUnique: true }]);
    const ada = await person('ada', { text: 'one' });
    const former = server.config.encryptionKeys;
    const next = { ...server, vault: makeVault(['another key that is long enough, the next', ...former]) };
    expect(await verifyKeys(next)).toBe(1);
    await person('ben', { text: 'two' });
    await rotateKeys(next, silent);
    expect(await verifyKeys(next)).toBe(0);
    const alone = { ...server, vault: makeVault(['another key that is long enough, the next']) };
    expect(await verifyKeys(alone)).toBe(0);
    // A server without the new key returns an error and no wrong value.
    expect((await api.call('getCustomData', { targetType: 'USER', targetIdentifier: ada })).error).toBe('internal');
    await rotateKeys(server, silent).catch(() => undefined);
  });

  it('of hashes are changed in two phases: meanwhile nobody can take a value in use', async () => {
    await define([
      { key: 'text', encrypted: true, isUnique: true },
      { key: 'free', encrypted: true },
    ]);
    const ada = await person('ada', { text: 'one', free: 'x' });
    await server.database.write.transaction().execute((trx) => server.vault.addHashKey(trx));
    const ben = await person('ben', { free: 'x' });
    expect((await write(ben, 'text', 'one')).statusCode).toBe(409);
    expect((await write(ben, 'text', 'two')).statusCode).toBe(200);
    expect(await found('free', 'EQUAL', 'x')).toEqual(['ada', 'ben']);
    await rotateHashKey(server, silent);
    expect(await found('free', 'EQUAL', 'x')).toEqual(['ada', 'ben']);
    expect(await found('text', 'EQUAL', 'one')).toEqual(['ada']);
    expect((await write(ben, 'text', 'one')).statusCode).toBe(409);
    expect((await write(ada, 'text', 'two')).statusCode).toBe(409);
    expect((await write(ada, 'text', 'three')).statusCode).toBe(200);
    expect((await write(ben, 'text', 'one')).statusCode).toBe(200);
    expect(await server.database.read.selectFrom('hashKeys').select('id').execute()).toHaveLength(1);
    expect(
      await server.database.read.selectFrom('claims').select('key').where('scope', 'like', 'field:%').execute(),
    ).toHaveLength(2);
  });

  it.each(['before', 'while', 'after'])(
    'of hashes are changed %s values are encrypted, and no unique value becomes free',
    async (when) => {
      await define([{ key: 'text', isUnique: true }]);
      const texts = ['one', 'two', 'three', 'four'];
      for (const text of texts) await person(text, { text });
      await define([{ key: 'text', encrypted: true }]);
      if (when === 'while') await server.database.write.transaction().execute((trx) => server.vault.addHashKey(trx));
      if (when !== 'before') await sealStored(server);
      await rotateHashKey(server, silent);
      await sealStored(server);
      const other = await person('other', {});
      for (const text of texts) expect((await write(other, 'text', text)).statusCode, text).toBe(409);
      const claims = server.database.read.selectFrom('claims').select('key').where('scope', 'like', 'field:%');
      expect(await claims.execute()).toHaveLength(texts.length);
    },
  );

  it('of hashes are changed by one process at a time', async () => {
    await define([{ key: 'text', encrypted: true, isUnique: true }]);
    await person('ada', { text: 'one' });
    const both = await Promise.allSettled([rotateHashKey(server, silent), rotateHashKey(server, silent)]);
    expect(both.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(await server.database.read.selectFrom('hashKeys').select('id').execute()).toHaveLength(1);
    expect(await found('text', 'EQUAL', 'one')).toEqual(['ada']);
    await rotateHashKey(server, silent);
    expect(await found('text', 'EQUAL', 'one')).toEqual(['ada']);
  });

  it('of a person are destroyed to erase them, and the audit log stays valid', async () => {
    await define([{ key: 'text', encrypted: true }, { key: 'plain' }]);
    const ada = await person('ada', { text: 'sealed-away', plain: 'in-clear-0815' });
    const ben = await person('ben', { text: 'his' });
    const actor = { kind: 'system', id: 'x', name: 'Test', through: 'command', sign: () => 'x' } as const;
    await eraseUser(server, actor, ada);
    expect(await api.call('getUser', { userId: ada })).toMatchObject({ error: 'userNotFound' });
    expect(await rows()).not.toContain('in-clear-0815');
    expect((await read(ben)).text).toBe('his');
    if (server.database.engine === 'sqlite') expect(bytes().includes('in-clear-0815')).toBe(false);
    expect((await api.call('createUser', { username: 'ada' })).statusCode).toBe(200);
  });
});
