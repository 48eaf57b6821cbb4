import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Sent } from '#contract/endpoints';
import { testApp } from '../testing/app.ts';

// What drafts store and disclose of fields that are protected, hidden or deleted later.

let api: Awaited<ReturnType<typeof testApp>>;
let admin: Awaited<ReturnType<typeof api.staffWith>>;
let who: { targetType: 'USER'; targetIdentifier: string };
beforeEach(async () => {
  api = await testApp();
  admin = await api.staffWith('administrator');
  await define({ key: 'town' });
  await define({ key: 'note' });
  who = { targetType: 'USER', targetIdentifier: (await api.call('createUser', {})).data.userId };
});
afterEach(() => api.close());

type Definition = Omit<Sent<'setCustomFields'>['list'][number], 'targetType'>;
const define = (field: Definition) => admin('setCustomFields', { list: [{ targetType: 'USER', ...field }] });
const typed = (...keys: string[]) => ({
  builtin: {},
  custom: Object.fromEntries(keys.map((key) => [key, { base: 'base', mine: `secret ${key}` }])),
});
const stored = async () => JSON.stringify(await api.server.database.read.selectFrom('drafts').selectAll().execute());
const told = async (caller: typeof admin) => (await caller('getDraft', who)).data?.draft;

it.each([{ desensitization: true }, { encrypted: true }])(
  'a draft stores nothing of a field that becomes protected, and everything of the others (%o)',
  async (protection) => {
    const support = await api.staffWith('support');
    await support('saveDraft', { ...who, draft: typed('town', 'note') });
    await define({ key: 'town', ...protection });
    expect(await told(support)).toEqual(typed('note'));
    expect(await stored()).not.toContain('secret town');
  },
);

it('a draft is saved either before its field is protected, and loses it, or after it, and doesn’t have it', async () => {
  for (let round = 0; round < 12; round += 1) {
    const key = `f${round}`;
    await define({ key });
    await Promise.all([
      define({ key, desensitization: true }),
      ...[0, 1, 2, 3].map(async (later) => {
        await new Promise((resume) => setTimeout(resume, later * 4));
        return admin('saveDraft', { ...who, draft: typed(key) });
      }),
    ]);
    expect(await stored()).not.toContain('secret');
  }
});

it('a draft stores nothing under a name that isn’t a field’s', async () => {
  const odd = { base: null, mine: 'secret' };
  await admin('saveDraft', {
    ...who,
    draft: { builtin: { town: odd, name: odd }, custom: { nothing: odd, note: odd } },
  });
  expect(await told(admin)).toEqual({ builtin: { name: odd }, custom: { note: odd } });
});

it('a draft discloses nothing of a field that was hidden or deleted since', async () => {
  const support = await api.staffWith('support');
  await support('saveDraft', { ...who, draft: typed('town', 'note') });
  await define({ key: 'town', access: { support: 'hidden' } });
  expect(await told(support)).toEqual(typed('note'));
  await define({ key: 'town', access: {} });
  expect(await told(support)).toEqual(typed('town', 'note'));
  await admin('deleteCustomFields', { list: [{ targetType: 'USER', key: 'note' }] });
  expect(await told(support)).toEqual(typed('town'));
});

it('a draft isn’t handed to another field that is restored under its key', async () => {
  await admin('saveDraft', { ...who, draft: typed('town') });
  const place = { targetType: 'USER' as const };
  await admin('deleteCustomFields', { list: ['town', 'note'].map((key) => ({ ...place, key })) });
  await admin('restoreCustomField', { ...place, key: 'note', as: 'town' });
  expect(await told(admin)).toEqual(typed());
  expect(await stored()).not.toContain('secret');
});

it('a draft discloses old stored values to nobody without the read permission', async () => {
  const role = { name: 'Clerk', tenants: null };
  const rights = ['read' as const, 'write' as const];
  const { id } = (await admin('saveStaffRole', { ...role, rights })).data;
  const clerk = await api.staffWith(id);
  await clerk('saveDraft', { ...who, draft: typed('town') });
  await admin('saveStaffRole', { ...role, id, rights: ['write'] });
  expect(await told(clerk)).toEqual({ builtin: {}, custom: { town: { base: null, mine: 'secret town' } } });
});

it('a draft is deleted in the transaction of its save: not by a save that fails, nor by another’s', async () => {
  const [support, other] = [await api.staffWith('support'), await api.staffWith('support')];
  const isForm = { 'x-fieldbook-draft': 'saved' };
  const save = (caller: typeof admin, value: unknown, headers = {}) =>
    caller('setCustomData', { ...who, list: [{ key: 'note', value }] }, headers);
  const written = typed('note');
  await support('saveDraft', { ...who, draft: written });
  expect(await save(other, 'theirs', isForm)).toMatchObject({ statusCode: 200 });
  expect(await save(support, 'by a script')).toMatchObject({ statusCode: 200 });
  expect(await save(support, ['no text'], isForm)).toMatchObject({ statusCode: 400 });
  expect(await told(support)).toEqual(written);
  expect(await save(support, 'mine', isForm)).toMatchObject({ statusCode: 200 });
  expect(await told(support)).toBeUndefined();
});

it('a person has at most 200 drafts, and the oldest gives way: whoever protects a field reads all of them', async () => {
  const support = await api.staffWith('support');
  const ids: string[] = [];
  for (let at = 0; at < 4; at += 1)
    ids.push(
      ...(await api.call('createUsersBatch', { list: Array.from({ length: 50 }, () => ({})) })).data.map(
        ({ userId }) => userId,
      ),
    );
  await support('saveDraft', { ...who, draft: typed('note') });
  const { write } = api.server.database;
  const { targetId: _, ...row } = await write.selectFrom('drafts').selectAll().executeTakeFirstOrThrow();
  const users = await write.selectFrom('users').select('id').where('userId', 'in', ids.slice(1)).execute();
  await write
    .insertInto('drafts')
    .values(users.map(({ id }) => ({ ...row, targetId: id, at: new Date(Date.parse(row.at) + 1).toISOString() })))
    .execute();
  expect(await told(support)).toEqual(typed('note'));
  const last = { ...who, targetIdentifier: ids[0] ?? '' };
  await support('saveDraft', { ...last, draft: typed('town') });
  expect(await told(support)).toBeUndefined();
  expect((await support('getDraft', last)).data?.draft).toEqual(typed('town'));
  expect(await write.selectFrom('drafts').selectAll().execute()).toHaveLength(200);
  await define({ key: 'note', desensitization: true });
  expect(await stored()).not.toContain('secret note');
});

it('a draft’s text is bounded: it can’t be much longer than a value', async () => {
  const support = await api.staffWith('support');
  const draft = { builtin: {}, custom: { note: { base: null, mine: 'x'.repeat(131_073) } } };
  expect(await support('saveDraft', { ...who, draft })).toMatchObject({ statusCode: 400 });
});
