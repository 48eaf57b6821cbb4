import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { endpoints } from '#contract/endpoints';
import { type Call, testApp } from '../testing/app.ts';

// A field's key can equal a property that every object inherits.

const names = ['toString', 'valueOf', 'hasOwnProperty', 'isPrototypeOf', '__defineGetter__', '__lookupSetter__'];

let api: Awaited<ReturnType<typeof testApp>>;
let staff: Call;
let empty: string;
let full: string;
beforeAll(async () => {
  api = await testApp();
  staff = await api.staffWith('administrator');
  const fields = names.map((key) => ({ targetType: 'USER' as const, key, desensitization: true }));
  expect(await api.call('setCustomFields', { list: fields })).toMatchObject({ statusCode: 200 });
  empty = (await api.call('createUser', { username: 'empty' })).data.userId;
  const customData = Object.fromEntries(names.map((name) => [name, `secret ${name}`]));
  full = (await api.call('createUser', { username: 'full', customData })).data.userId;
});
afterAll(() => api.close());

const of = (userId: string) => ({ targetType: 'USER' as const, targetIdentifier: userId });

describe('fields with the names of properties that every object has', () => {
  it('are counted', async () => {
    const { data } = await staff('countValues', { targetType: 'USER' });
    expect(data).toEqual({ targets: 2, holders: Object.fromEntries(names.map((name) => [name, 1])) });
    await api.call('setCustomFields', { list: names.map((key) => ({ targetType: 'GROUP' as const, key })) });
    expect((await staff('countValues', { targetType: 'GROUP' })).data).toEqual({
      targets: 0,
      holders: Object.fromEntries(names.map((name) => [name, 0])),
    });
  });

  it('are masked where there is a value, and empty where there is none', async () => {
    expect((await staff('getCustomData', of(empty))).data).toEqual({});
    const seen = (await staff('getCustomData', of(full))).data;
    expect(Object.keys(seen).sort()).toEqual([...names].sort());
    expect(JSON.stringify(seen)).not.toContain('secret');
    const list = await staff('listTargets', { targetType: 'USER', columns: names });
    expect(list.data.list.map(({ cells }) => Object.keys(cells).length)).toEqual([names.length, 0]);
  });

  it('are written, verified, filtered and shown in the change history', async () => {
    const answer = await api.call('setCustomData', { ...of(empty), list: [{ key: 'valueOf', value: 'x' }] });
    expect(answer).toMatchObject({ statusCode: 200 });
    const question = { ...of(empty), key: 'valueOf', value: 'x' };
    expect((await staff('compareValue', question)).data).toEqual({ matches: true });
    const filters = [{ field: 'valueOf', operator: 'NOT_NULL' as const }];
    expect((await staff('countTargets', { targetType: 'USER', filters })).data).toEqual({ count: 2 });
    expect(Object.keys((await staff('getValuesAt', { ...of(empty), entry: 2_000_000_000 })).data)).toEqual(['valueOf']);
    await api.call('setCustomData', { ...of(empty), list: [{ key: 'valueOf', value: null }] });
    for (const key of names)
      expect(await staff('getFieldHealth', { targetType: 'USER', key }), key).toMatchObject({ statusCode: 200 });
  });

  it('are refused and not ignored if nobody defined them', async () => {
    const headers = await api.keyHeaders();
    for (const name of ['__proto__', 'constructor', 'prototype', 'toLocaleString', 'propertyIsEnumerable']) {
      const answer = await api.app.inject({
        method: 'POST',
        url: endpoints.updateUser.path,
        headers: { ...headers, 'content-type': 'application/json' },
        payload: `{"userId":"${empty}","customData":{"${name}":{"a":1}}}`,
      });
      expect(answer.json(), name).toMatchObject(
        name === '__proto__' ? { issues: [{ path: ['customData', name] }] } : { error: 'fieldUndefined' },
      );
    }
  });
});
