import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { masked } from '#contract/mask';
import type { Right } from '#contract/wire/endpoint';
import type { Actor } from '../context.ts';
import { purgeTrash } from '../fields/lifecycle.ts';
import { signer } from '../secrets.ts';
import { type Call, testApp } from '../testing/app.ts';

// Two people, one of them with a changed hidden value. Only a reader who sees the field may notice a difference.

const targetType = 'USER' as const;
const as = { 'x-fieldbook-view-as': 'support' };
let api: Awaited<ReturnType<typeof testApp>>;
let admin: Call;
let held: string;
let none: string;
let count = 0;

beforeAll(async () => {
  api = await testApp();
  admin = await api.staffWith('administrator');
});
afterAll(() => api.close());

/** A person who doesn't see the field `key`. */
async function blindTo(key: string, rights: Right[]): Promise<Call> {
  const { id } = (await admin('saveStaffRole', { name: `Blind ${++count}`, rights, tenants: null })).data;
  await api.call('setCustomFields', {
    list: [{ targetType, key, label: `Secret ${key}`, access: { [id]: 'hidden' } }],
  });
  held = (await api.call('createUser', { username: `held${count}`, customData: { [key]: 'a' } })).data.userId;
  none = (await api.call('createUser', { username: `none${count}` })).data.userId;
  const list = [{ key, value: 'b' }];
  await api.call('setCustomData', { targetType, targetIdentifier: held, list });
  return api.staffWith(id);
}

describe('a hidden field', () => {
  it('isn’t disclosed by the number of entries on a page, not even to a reader who defines fields', async () => {
    const definer = await blindTo('kept', ['read', 'define', 'activity']);
    const history = async (targetIdentifier: string) =>
      (await definer('listHistory', { targetType, targetIdentifier, key: 'kept', limit: 1 })).data;
    expect(await history(held)).toEqual({ list: [], hasMore: false });
    expect(await history(held)).toEqual(await history(none));
    const activity = async (whose: string) => (await definer('listActivity', { whose, key: 'kept', limit: 1 })).data;
    expect(await activity(held)).toEqual(await activity(none));
    const { list } = (await definer('listActivity', { key: 'kept' })).data;
    expect(list.map(({ definition }) => definition?.event)).toEqual(['created']);
  });

  it('isn’t disclosed to a person who views as a role that sees it', async () => {
    const keeper = await blindTo('viewed', ['read', 'staff', 'activity']);
    const told = async (targetIdentifier: string) =>
      (await keeper('listHistory', { targetType, targetIdentifier, key: 'viewed', limit: 1 }, as)).data;
    expect(await told(held)).toEqual(await told(none));
    expect(await told(held)).toEqual({ list: [], hasMore: false });
  });

  it('isn’t named by the audit log after its permanent deletion, nor are fields of other tenants', async () => {
    const reader = await blindTo('purged', ['read', 'activity']);
    const { tenantId } = (await api.call('createTenant', { name: 'Elsewhere' })).data;
    await api.call('setCustomFields', { list: [{ targetType, key: 'foreign' }], tenantId });
    await api.call('setCustomFields', { list: [{ targetType, key: 'open' }] });
    await api.call('deleteCustomFields', { list: ['purged', 'open'].map((key) => ({ targetType, key })) });
    await api.call('deleteCustomFields', { list: [{ targetType, key: 'foreign' }], tenantId });
    const told = async (call: Call) => JSON.stringify(await call('listActivity', { limit: 500 }));
    const before = (await reader('listActivity', { limit: 500 })).data.list.length;
    const actor: Actor = { kind: 'system', id: '', name: '', through: 'command', sign: signer(api.server.secrets) };
    const later = new Date(Date.now() + 31 * 86_400_000);
    await purgeTrash(api.server, actor, later);
    const { list } = (await reader('listActivity', { limit: 500 })).data;
    // The audit log says that the field which they saw was permanently deleted, and nothing new about the others.
    expect(list.length).toBe(before + 1);
    expect(list[0]).toMatchObject({ field: { key: 'open' }, definition: { event: 'purged' }, targetType });
    for (const key of ['Secret purged', 'foreign']) expect(await told(reader)).not.toContain(key);
    expect(await told(admin)).toContain('"key":"purged"');
    expect(await told(admin)).not.toContain('foreign');
  });
});

describe('a value that somebody without read clears', () => {
  it('looks the same in their activity, whether or not there was one', async () => {
    const rights: Right[] = ['write', 'activity'];
    const { id } = (await admin('saveStaffRole', { name: 'Writer', rights, tenants: null })).data;
    await api.call('setCustomFields', { list: [{ targetType, key: 'plain' }] });
    const users = [{ plain: 'a' }, {}].map(async (customData) => (await api.call('createUser', { customData })).data);
    const writer = await api.staffWith(id);
    const last = async (call: Call, whose: string) =>
      (await call('listActivity', { whose, kind: 'value', limit: 1 })).data.list.map(({ actorName, before, after }) => [
        actorName === id,
        before,
        after,
      ]);
    const [held, none] = (await Promise.all(users)).map(({ userId }) => userId) as [string, string];
    for (const targetIdentifier of [held, none])
      await writer('setCustomData', { targetType, targetIdentifier, list: [{ key: 'plain', value: null }] });
    const hidden = [[true, masked('', 'ALL'), masked('', 'ALL')]];
    expect([await last(writer, held), await last(writer, none)]).toEqual([hidden, hidden]);
    expect(await last(admin, held)).toEqual([[true, 'a', null]]);
    expect(await last(admin, none)).toEqual([[true, null, null]]);
  });
});
