import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Call, testApp } from '../testing/app.ts';

// A search of a list looks into what its caller may know of each target, and says where it found the words.

const targetType = 'USER' as const;
let api: Awaited<ReturnType<typeof testApp>>;
let support: Call;

beforeAll(async () => {
  api = await testApp();
  const fields = [
    { key: 'center', isUnique: true },
    { key: 'memo' },
    { key: 'badge', dataType: 'NUMBER' as const, isUnique: true },
    { key: 'floor', dataType: 'NUMBER' as const },
    { key: 'hidden', access: { support: 'hidden' as const } },
    { key: 'masked', desensitization: true },
    { key: 'sealed', encrypted: true },
  ];
  await api.call('setCustomFields', { list: fields.map((field) => ({ targetType, ...field })) });
  const values = {
    center: 'CC-111',
    memo: `${'Before the words '.repeat(9)}ｶﾞﾗｽ cup ${'and after them '.repeat(9)}`,
    badge: 4711,
    floor: 4712,
    hidden: 'Quetzal one',
    masked: 'Quetzal two',
    sealed: 'Quetzal three',
  };
  await api.call('createUser', { username: 'ada', name: 'Ada', phone: '13800001111', customData: values });
  await api.call('createUser', { username: 'ben', name: 'Ben of CC-111' });
  await api.call('createUser', { username: 'cy', name: 'Cy', customData: { memo: `CC-111 ${'x'.repeat(3_000)}` } });
  support = await api.staffWith('support');
});
afterAll(() => api.close());

async function find(call: Call, keywords: string) {
  const { data, message } = await call('listTargets', { targetType, keywords });
  if (!data) throw new Error(message);
  const { count } = (await call('countTargets', { targetType, keywords })).data;
  expect(count).toBe(data.list.length);
  return Object.fromEntries(data.list.map(({ name, found }) => [name, found]));
}

describe('the search of a list', () => {
  it('finds texts of built-in and custom fields, and says which, unless the name shows it', async () => {
    expect(await find(support, 'cc-11')).toEqual({
      Ada: { key: 'center', text: 'CC-111' },
      'Ben of CC-111': undefined,
    });
    expect(await find(support, '0111')).toEqual({ Ada: { key: 'phone', text: '13800001111' } });
    expect(await find(support, 'c')).toMatchObject({ Ada: { key: 'center' }, Cy: undefined });
  });

  it('tells a part of a long text, and finds it in any case and width', async () => {
    const { Ada: found } = await find(support, 'ガラス CUP');
    expect(found).toMatchObject({ key: 'memo', text: expect.stringMatching(/^….{40}ｶﾞﾗｽ cup.{40}…$/u) });
  });

  it('finds the whole of a unique number, and no other', async () => {
    expect(await find(support, '4711')).toEqual({ Ada: { key: 'badge', text: '4711' } });
    expect(await find(support, '471')).toEqual({});
    expect(await find(support, '4712')).toEqual({});
  });

  it('reads no ciphertext, though a key sees encrypted values in clear', async () => {
    const key = await api.callerWith(['read']);
    expect(await find(key, 'cc-11')).toMatchObject({ Ada: { key: 'center' } });
    for (const keywords of ['quetzal', 'three', '3.0', '-0', 'x', '4711']) await find(key, keywords);
    expect(await find(key, 'quetzal three')).toEqual({});
  });

  it('finds nothing that the caller may not know, and costs no guess', async () => {
    expect(await find(support, 'quetzal')).toEqual({});
    const admin = await api.staffWith('administrator');
    expect(await find(admin, 'quetzal')).toEqual({ Ada: { key: 'hidden', text: 'Quetzal one' } });
    for (let guess = 0; guess < 40; guess += 1)
      await support('countTargets', { targetType, keywords: `quetzal t${guess}` });
    expect((await support('countTargets', { targetType, keywords: 'quetzal two' })).data.count).toBe(0);
  });
});
