import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { endpoints } from '#contract/endpoints';
import { type Call, testApp } from '../testing.ts';
import { addAccessKey } from './service.ts';

let api: Awaited<ReturnType<typeof testApp>>;
let admin: Call;
beforeAll(async () => {
  api = await testApp();
  admin = await api.staffWith('administrator');
});
afterAll(() => api.close());

const targetType = 'USER' as const;

async function keyCall({ id, secret }: { id: string; secret: string }): Promise<Call> {
  const { data } = await api.call('getManagementToken', { accessKeyId: id, accessKeySecret: secret });
  const authorization = `Bearer ${data.access_token}`;
  return async (name, input) => {
    const { method, path } = endpoints[name];
    const url = method === 'GET' ? `${path}?${new URLSearchParams(input as Record<string, string>)}` : path;
    return (
      await api.app.inject({
        method,
        url,
        headers: { authorization },
        ...(method === 'POST' && { payload: input as object }),
      })
    ).json();
  };
}

describe('an access key', () => {
  it('is not rotated, revoked or made by whoever has less', async () => {
    const role = await admin('saveStaffRole', { name: 'Keeper', rights: ['read', 'staff'], tenants: null });
    const keeper = await api.staffWith(role.data.id);
    const { id } = await addAccessKey(api.server, { name: 'All' });
    const refused = { error: 'forbidden', issues: [{ path: ['id'], name: 'beyondOwn' }] };
    expect(await keeper('rotateAccessKey', { id, overlapHours: 0 })).toMatchObject(refused);
    expect(await keeper('revokeAccessKey', { id })).toMatchObject(refused);
    expect((await admin('rotateAccessKey', { id, overlapHours: 0 })).statusCode).toBe(200);
  });

  it('sees what its maker’s role sees: hidden fields and encrypted values stay so', async () => {
    const role = await admin('saveStaffRole', { name: 'Keeper 2', rights: ['read', 'staff'], tenants: null });
    const { id } = role.data;
    const list = [
      { targetType, key: 'hid', access: { [id]: 'hidden' as const } },
      { targetType, key: 'sealed', encrypted: true },
    ];
    expect((await api.call('setCustomFields', { list })).statusCode).toBe(200);
    const { userId } = (
      await api.call('createUser', { username: 'kim', customData: { hid: 'h-4711', sealed: 's-4711' } })
    ).data;
    const keeper = await api.staffWith(id);
    const call = await keyCall((await keeper('createAccessKey', { name: 'Mine', scopes: ['read'] })).data);
    const seen = await call('getCustomData', { targetType, targetIdentifier: userId });
    expect(seen.statusCode).toBe(200);
    expect(JSON.stringify(seen)).not.toContain('4711');
    const beyond = await keeper('createAccessKey', { name: 'As', scopes: ['read'], role: 'support' });
    expect(beyond).toMatchObject({ error: 'forbidden', issues: [{ path: ['role'], name: 'beyondOwn' }] });
  });
});
