import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Call, testApp } from '../testing/app.ts';

let api: Awaited<ReturnType<typeof testApp>>;
let admin: Call;
let definer: Call;
/** Reads every value in clear. */
let opener: Call;
let role: string;
beforeAll(async () => {
  api = await testApp();
  admin = await api.staffWith('administrator');
  role = (await admin('saveStaffRole', { name: 'Definer', rights: ['read', 'define'], tenants: null })).data.id;
  definer = await api.staffWith(role);
  opener = await api.callerWith(['read', 'write', 'define', 'reveal']);
});
afterAll(() => api.close());

const targetType = 'USER' as const;
const refused = { error: 'forbidden', issues: [{ name: 'keyOfUnseen' }] };
const remove = (call: Call, key: string) => call('deleteCustomFields', { list: [{ targetType, key }] });
const define = (call: Call, field: object) => call('setCustomFields', { list: [{ targetType, key: '', ...field }] });

// An integration writes on under the key that it knows.
describe('a new field of a key that lies in the trash', () => {
  it.each<[string, (own: string) => object]>([
    ['hidden from its maker', (own) => ({ access: { [own]: 'hidden' } })],
    ['masked', () => ({ desensitization: true })],
    ['encrypted', () => ({ encrypted: true })],
  ])('opens nothing of one that was %s', async (name, guard) => {
    const key = `key_${name.split(' ')[0]}`;
    await define(api.call, { key, ...guard(role) });
    await remove(api.call, key);
    expect(await define(definer, { key })).toMatchObject(refused);
    expect(await define(definer, { key: key.toUpperCase() })).toMatchObject(refused);
    expect(await definer('planFields', { changes: [{ targetType, key }] })).toMatchObject(refused);
    await define(api.call, { key: `other_${key}` });
    await remove(definer, `other_${key}`);
    const restored = definer('restoreCustomField', { targetType, key: `other_${key}`, as: key });
    expect(await restored).toMatchObject({ error: 'forbidden', issues: [{ path: ['as'], name: 'keyOfUnseen' }] });
    // One that is protected as well is nobody's loss, nor one of somebody who may see the former.
    if (name !== 'hidden from its maker')
      expect(await define(definer, { key, ...guard(role) })).toMatchObject({ statusCode: 200 });
    else expect(await define(admin, { key })).toMatchObject({ statusCode: 200 });
  });

  it('is made by whoever saw the former one', async () => {
    await define(definer, { key: 'plain' });
    await remove(definer, 'plain');
    expect(await define(definer, { key: 'plain' })).toMatchObject({ statusCode: 200 });
  });
});

describe('a field that comes back from the trash', () => {
  const guards = [{ desensitization: true }, { encrypted: true }];

  it.each(guards)('leaves no key at which %j was, unless to whoever may open it', async (guard) => {
    const key = `left_${Object.keys(guard)}`;
    await define(admin, { key, ...guard });
    await remove(definer, key);
    const restored = (call: Call) => call('restoreCustomField', { targetType, key, as: `${key}_2` });
    expect(await restored(definer)).toMatchObject({
      error: 'forbidden',
      issues: [{ path: ['as'], name: 'keyOfUnseen' }],
    });
    // One of that key that is as protected remembers it.
    await define(definer, { key, ...guard });
    expect((await restored(definer)).statusCode).toBe(200);
    await remove(definer, key);
    expect(await define(definer, { key })).toMatchObject(refused);
    expect((await definer('restoreCustomField', { targetType, key })).statusCode).toBe(200);
    await remove(opener, key);
    expect((await opener('restoreCustomField', { targetType, key, as: `${key}_3` })).statusCode).toBe(200);
  });

  it.each(guards)('opens nothing of a later one of its key with %j, nor does an undo', async (guard) => {
    const key = `older_${Object.keys(guard)}`;
    await define(definer, { key });
    const deletions = [{ targetType, key }];
    const { token } = (await definer('planFields', { deletions })).data;
    const { planId } = (await definer('applyPlan', { deletions, token })).data;
    const trashed = (await definer('listTrashedFields', { targetType })).data;
    const trashId = trashed.find(({ field }) => field.key === key)?.trashId;
    await define(admin, { key, ...guard });
    await remove(definer, key);
    expect(await definer('restoreCustomField', { targetType, key, trashId })).toMatchObject(refused);
    expect((await definer('undoPlan', { planId })).data.skipped).toEqual([{ key, what: 'keyOfUnseen' }]);
    expect((await definer('getCustomFields', { targetType })).data.map((field) => field.key)).not.toContain(key);
    expect((await opener('undoPlan', { planId })).data.skipped).toEqual([]);
  });
});
