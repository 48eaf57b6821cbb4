import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Call, testApp } from '../testing/app.ts';

let api: Awaited<ReturnType<typeof testApp>>;
let admin: Call;
beforeAll(async () => {
  api = await testApp();
  admin = await api.staffWith('administrator');
});
afterAll(() => api.close());

const makeKey = async () => (await admin('createAccessKey', { name: 'Rotated', scopes: ['read'] })).data;

describe('a management token', () => {
  it('ends with the secret that it was made with', async () => {
    const { id, secret } = await makeKey();
    await admin('rotateAccessKey', { id, overlapHours: 1 });
    const call = await api.keyCall({ id, secret });
    expect((await call('listTenants', {})).statusCode).toBe(200);
    const formerUntil = new Date(Date.now() - 1_000).toISOString();
    await api.server.database.write.updateTable('accessKeys').set({ formerUntil }).where('id', '=', id).execute();
    expect((await call('listTenants', {})).error).toBe('unauthenticated');
  });

  it('of a removed secret stays invalid, however the key is rotated again', async () => {
    const made = await makeKey();
    const thief = await api.keyCall(made);
    await admin('rotateAccessKey', { id: made.id, overlapHours: 0 });
    expect((await thief('listTenants', {})).error).toBe('unauthenticated');
    await admin('rotateAccessKey', { id: made.id, overlapHours: 24 });
    expect((await thief('listTenants', {})).error).toBe('unauthenticated');
  });
});
