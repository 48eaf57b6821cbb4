import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testApp } from '../testing/app.ts';

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

describe('a caller without the read permission', () => {
  it('gets no values in the answer of a write', async () => {
    const call = await api.callerWith(['write', 'directory']);
    const answer = await call('updateUser', { userId, customData: {} });
    expect(answer.statusCode).toBe(200);
    expect(JSON.stringify(answer)).not.toContain(secret);
  });
  it('gets no counts of options and no duplicates', async () => {
    const call = await api.callerWith(['define']);
    expect((await call('countOptions', { targetType: 'USER', key: 'choice' })).data).toEqual([]);
    const answer = await call('setCustomFields', { list: [{ targetType: 'USER', key: 'text', isUnique: true }] });
    expect(answer.statusCode).not.toBe(200);
    expect(JSON.stringify(answer)).not.toContain(secret);
  });
  it('finds no values in the audit log', async () => {
    const call = await api.callerWith(['activity']);
    expect(JSON.stringify(await call('listActivity', {}))).not.toContain(secret);
  });
});

describe('a caller who sees masks', () => {
  it('learns from no answer of a write whether a guess is right, apart from a few counted guesses', async () => {
    await api.call('setCustomFields', {
      list: [
        { targetType: 'USER', key: 'badge', desensitization: true, isUnique: true },
        { targetType: 'USER', key: 'phone2', desensitization: true },
      ],
    });
    const call = await api.callerWith(['read', 'write', 'reveal']);
    const target = { targetType: 'USER' as const, targetIdentifier: userId };
    await call('setCustomData', {
      ...target,
      list: [
        { key: 'badge', value: 'b1' },
        { key: 'phone2', value: 'nope' },
      ],
    });
    const rule = { type: 'email' as const, content: '', error: '' };
    await api.call('setCustomFields', { list: [{ targetType: 'USER', key: 'phone2', validateRules: [rule] }] });
    const blind = await api.callerWith(['read', 'write']);
    const guess = (key: string, value: string) =>
      blind('setCustomData', { ...target, targetIdentifier: userId, list: [{ key, value }] });
    expect((await guess('phone2', 'nope')).statusCode).toBe(400);
    const answers = [];
    for (let count = 0; count < 31; count += 1) answers.push((await guess('badge', 'b1')).statusCode);
    expect(answers.slice(0, 30).every((code) => code === 200)).toBe(true);
    expect(answers[30]).toBe(429);
  });
});
