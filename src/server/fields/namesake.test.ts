import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Call, testApp } from '../testing/app.ts';

let api: Awaited<ReturnType<typeof testApp>>;
let admin: Call;
let definer: Call;
let role: string;
beforeAll(async () => {
  api = await testApp();
  admin = await api.staffWith('administrator');
  role = (await admin('saveStaffRole', { name: 'Definer', rights: ['read', 'define'], tenants: null })).data.id;
  definer = await api.staffWith(role);
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
