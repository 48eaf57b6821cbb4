import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Sent } from '#contract/endpoints';
import { lockFields } from '../database/locks.ts';
import { transact } from '../database/open.ts';
import { testApp } from '../testing/app.ts';

// What saved views store and disclose of fields that are protected, hidden or deleted later.

let api: Awaited<ReturnType<typeof testApp>>;
let admin: Awaited<ReturnType<typeof api.staffWith>>;
beforeEach(async () => {
  api = await testApp();
  admin = await api.staffWith('administrator');
  await define({ key: 'town' });
});
afterEach(() => api.close());

type Definition = Omit<Sent<'setCustomFields'>['list'][number], 'targetType'>;
const define = (field: Definition) => admin('setCustomFields', { list: [{ targetType: 'USER', ...field }] });
const asks = (key: string, value = 'secret') =>
  new URLSearchParams([
    ['filter', JSON.stringify([key, 'EQUAL', value])],
    ['filter', JSON.stringify([key, 'NOT_NULL'])],
  ]).toString();
const about = (query: string) => ({ targetType: 'USER' as const, name: 'V', query, shared: true });
const stored = async () => JSON.stringify(await api.server.database.read.selectFrom('views').selectAll().execute());
const names = async (caller: typeof admin) => (await caller('listViews', { targetType: 'USER' })).data.length;

describe('a saved view', () => {
  it.each([{ desensitization: true }, { encrypted: true }])(
    'keeps no value of a field that becomes protected (%o)',
    async (protection) => {
      await admin('saveView', about(asks('town')));
      await define({ key: 'town', ...protection });
      expect(await stored()).not.toContain('secret');
      expect(await stored()).toContain('NOT_NULL');
    },
  );

  it('has at most 20 filters, and a person at most 100 of a space: everybody who opens a list reads them', async () => {
    const many = (count: number) =>
      new URLSearchParams(Array.from({ length: count }, () => ['filter', '["town","NOT_NULL"]'])).toString();
    expect(await admin('saveView', about(many(21)))).toMatchObject({
      statusCode: 400,
      issues: [{ path: ['query'], name: 'tooMany', limit: '20' }],
    });
    const saved = (await admin('saveView', about(many(20)))).data;
    const { write } = api.server.database;
    const row = await write.selectFrom('views').selectAll().executeTakeFirstOrThrow();
    const copies = Array.from({ length: 94 }, (_, at) => ({ ...row, id: `copy ${at}` }));
    await write.insertInto('views').values(copies).execute();
    const answers = await Promise.all(Array.from({ length: 10 }, () => admin('saveView', about('q=x'))));
    expect(answers.filter(({ statusCode }) => statusCode === 200)).toHaveLength(5);
    expect(answers.find(({ statusCode }) => statusCode === 400)).toMatchObject({
      issues: [{ name: 'tooMany', limit: '100' }],
    });
    expect(await names(admin)).toBe(100);
    // One's own can still be changed.
    expect(await admin('saveView', { ...about('q=y'), id: saved.id })).toMatchObject({ statusCode: 200 });
    expect(await (await api.staffWith('support'))('saveView', about('q=x'))).toMatchObject({ statusCode: 200 });
  });

  it('keeps one of each parameter: a second one escapes every check', async () => {
    await admin('saveView', about('q=a&q=Ada&columns=name&columns=town&sort=name&sort=town'));
    const { data } = await admin('listViews', { targetType: 'USER' });
    expect(data.map(({ query }) => query)).toEqual(['columns=name&q=a&sort=name']);
    // One of an older version.
    await api.server.database.write
      .updateTable('views')
      .set({ query: 'q=a&q=Ada&columns=name&columns=town' })
      .execute();
    await define({ key: 'town', access: { support: 'hidden' } });
    const support = await api.staffWith('support');
    expect((await support('listViews', { targetType: 'USER' })).data[0]?.query).toBe('columns=name&q=a');
  });

  it.skipIf(process.env.FIELDBOOK_TEST_ENGINE !== 'postgres')(
    'holds up nobody who signs in while its save waits for a plan',
    async () => {
      const { write, brief } = api.server.database;
      let end = () => {};
      const plan = transact({ write }, async (trx) => {
        await lockFields(trx, ['USER'], 'update');
        await new Promise<void>((ended) => {
          end = ended;
        });
      });
      await new Promise((resume) => setTimeout(resume, 100));
      const saving = admin('saveView', about('q=x'));
      await new Promise((resume) => setTimeout(resume, 300));
      // As the foreign key of a new session does.
      await sql`select id from staff for key share nowait`.execute(brief);
      end();
      await plan;
      expect((await saving).statusCode).toBe(200);
    },
  );

  it('is saved either before its field is protected, and loses its value, or after it, and is refused', async () => {
    for (let round = 0; round < 12; round += 1) {
      const key = `f${round}`;
      await define({ key });
      await Promise.all([
        define({ key, desensitization: true }),
        ...[0, 1, 2, 3].map(async (later) => {
          await new Promise((resume) => setTimeout(resume, later * 4));
          return admin('saveView', about(asks(key)));
        }),
      ]);
      expect(await stored()).not.toContain('secret');
    }
  });

  it.each([{ desensitization: true }, { encrypted: true }])(
    'keeps no words of a search when a field becomes protected (%o): which of them were a value isn’t told',
    async (protection) => {
      await define({ key: 'plate' });
      await api.call('createUser', { customData: { plate: 'Secret-4711' } });
      await admin('saveView', about('q=secret-47'));
      await admin('saveView', about('q=other&filter=%5B%22plate%22%2C%22NOT_NULL%22%2C%22secret%22%5D'));
      await define({ key: 'plate', ...protection });
      expect(await stored()).not.toContain('secret');
      expect(await stored()).not.toContain('q=');
      expect(await stored()).toContain('plate');
      await define({ key: `${Object.keys(protection)}` });
      await admin('deleteCustomFields', { list: [{ targetType: 'USER', key: 'plate' }] });
    },
  );

  it('keeps nothing that it doesn’t understand', async () => {
    await define({ key: 'odd' });
    const odd = `filter=${encodeURIComponent('["odd","STARTS","secret1"]')}`;
    expect(await admin('saveView', about(odd))).toMatchObject({ issues: [{ path: ['query'], name: 'malformed' }] });
    const { data } = await admin('saveView', about('cursor=secret2&sort=odd&note=secret3&q=word'));
    expect(data.query).toBe('q=word&sort=odd');
    // As an earlier version stored it.
    const { write } = api.server.database;
    await write.updateTable('views').set({ query: odd }).where('id', '=', data.id).execute();
    await define({ key: 'odd', encrypted: true });
    expect(await stored()).not.toContain('secret');
  });

  it('is changed in its own place, and validated with the fields there', async () => {
    const { tenantId } = (await api.call('createTenant', { name: 'North' })).data;
    await define({ key: 'pin', desensitization: true });
    await admin('setCustomFields', { tenantId, list: [{ targetType: 'USER', key: 'pin' }] });
    const { data } = await admin('saveView', about(''));
    const elsewhere = { ...about(asks('pin')), id: data.id };
    expect(await admin('saveView', { ...elsewhere, tenantId })).toMatchObject({ error: 'notFound' });
    expect(await admin('saveView', { ...about(''), id: data.id, targetType: 'ROLE' })).toMatchObject({
      statusCode: 404,
    });
    expect(await admin('saveView', elsewhere)).toMatchObject({ issues: [{ name: 'operatorNotPossible' }] });
    expect(await stored()).not.toContain('secret');
  });

  it('gets the same refusal for a missing field and for a hidden one', async () => {
    await define({ key: 'pay', access: { support: 'hidden' } });
    const support = await api.staffWith('support');
    const refused = { statusCode: 400, issues: [{ path: ['query'], name: 'fieldUnknown' }] };
    for (const query of [asks, (key: string) => `columns=name,${key}`, (key: string) => `sort=-${key}`]) {
      expect(await support('saveView', about(query('pay')))).toMatchObject(refused);
      expect(await support('saveView', about(query('absent')))).toMatchObject(refused);
      for (const key of ['town', 'username'])
        expect(await support('saveView', about(query(key)))).toMatchObject({ statusCode: 200 });
    }
    expect(await support('saveView', about('columns='))).toMatchObject({ statusCode: 200 });
  });

  it('isn’t shown to others after its field is deleted, nor to its owner after it is hidden', async () => {
    const support = await api.staffWith('support');
    const other = await api.staffWith('auditor');
    await support('saveView', about(asks('town')));
    await support('saveView', about('columns=town'));
    expect([await names(support), await names(other)]).toEqual([2, 2]);
    await define({ key: 'town', access: { support: 'hidden' } });
    expect([await names(support), await names(other)]).toEqual([0, 2]);
    await define({ key: 'town', access: {} });
    await admin('deleteCustomFields', { list: [{ targetType: 'USER', key: 'town' }] });
    expect([await names(support), await names(other)]).toEqual([2, 0]);
  });

  it('isn’t handed to another field that is restored under its key', async () => {
    const place = { targetType: 'USER' as const };
    const remove = (...keys: string[]) => admin('deleteCustomFields', { list: keys.map((key) => ({ ...place, key })) });
    const back = (wanted: object) => admin('restoreCustomField', { ...place, key: 'town', ...wanted });
    await define({ key: 'plain' });
    await admin('saveView', about(asks('town')));
    await remove('town', 'plain');
    await back({});
    expect(await stored()).toContain('secret');
    await remove('town');
    await back({ key: 'plain', as: 'town' });
    expect(await stored()).not.toContain('secret');
  });

  it('keeps no value of a field that is encrypted, whichever of two under one key was restored first', async () => {
    const place = { targetType: 'USER' as const, key: 'town' };
    const remove = () => admin('deleteCustomFields', { list: [place] });
    await remove();
    await define({ key: 'town', create: true });
    await admin('saveView', about(asks('town')));
    await remove();
    const [newer, older] = (await admin('listTrashedFields', { targetType: 'USER' })).data;
    await admin('restoreCustomField', { ...place, trashId: older?.trashId });
    await admin('restoreCustomField', { ...place, trashId: newer?.trashId, as: 'town2' });
    await define({ key: 'town2', encrypted: true });
    expect(await stored()).not.toContain('secret');
  });
});
