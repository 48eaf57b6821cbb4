import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testApp } from './testing.ts';

let api: Awaited<ReturnType<typeof testApp>>;
let userId: string;
const secret = 'leak-4711';

beforeAll(async () => {
  api = await testApp();
  const options = [{ value: secret, label: 'A' }];
  await api.call('setCustomFields', {
    list: [
      { targetType: 'USER', key: 'text' },
      { targetType: 'USER', key: 'choice', dataType: 'ENUM', options },
    ],
  });
  const customData = { text: secret, choice: secret };
  userId = (await api.call('createUser', { username: 'one', customData })).data.userId;
  await api.call('createUser', { username: 'two', customData });
});
afterAll(() => api.close());

describe('who lacks the right to read', () => {
  it('gets no values in the answer of a write', async () => {
    const call = await api.callerWith(['write', 'directory']);
    const answer = await call('updateUser', { userId, customData: {} });
    expect(answer.statusCode).toBe(200);
    expect(JSON.stringify(answer)).not.toContain(secret);
  });
  it('counts no options and is told no duplicates', async () => {
    const call = await api.callerWith(['define']);
    expect((await call('countOptions', { targetType: 'USER', key: 'choice' })).data).toEqual([]);
    const answer = await call('setCustomFields', { list: [{ targetType: 'USER', key: 'text', isUnique: true }] });
    expect(answer.statusCode).not.toBe(200);
    expect(JSON.stringify(answer)).not.toContain(secret);
  });
  it('finds no values in the activity', async () => {
    const call = await api.callerWith(['activity']);
    expect(JSON.stringify(await call('listActivity', {}))).not.toContain(secret);
  });
});
