import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testApp } from '../testing/app.ts';

const targetType = 'USER' as const;
let api: Awaited<ReturnType<typeof testApp>>;
beforeAll(async () => {
  api = await testApp();
});
afterAll(() => api.close());

const option = (value: string) => ({ value, label: value });

/** The inactive options that readers see after a caller with `reveal` kept only `c` of `a` (in use), `b` and `c`. */
async function retiredOf(key: string, guard: { desensitization?: boolean; encrypted?: boolean }) {
  const options = ['a', 'b', 'c'].map(option);
  await api.call('setCustomFields', { list: [{ targetType, key, dataType: 'ENUM', options, ...guard }] });
  await api.call('createUser', { username: key, customData: { [key]: 'a' } });
  const revealer = await api.callerWith(['read', 'define', 'reveal']);
  await revealer('setCustomFields', { list: [{ targetType, key, options: [option('c')] }] });
  const reader = await api.staffWith('support');
  const field = (await reader('getCustomFields', { targetType })).data.find((one) => one.key === key);
  return field && 'retiredOptions' in field ? field.retiredOptions.map(({ value }) => value) : undefined;
}

describe('removed options', () => {
  it('stay as inactive options while they are in use', async () => {
    expect(await retiredOf('plain', {})).toEqual(['a']);
  });
  it.each([{ desensitization: true }, { encrypted: true }])('of a field with %j stay, in use or not', async (guard) => {
    expect(await retiredOf(Object.keys(guard).join(), guard)).toEqual(['a', 'b']);
  });
  it('aren’t told to who may not read who holds them, nor named by the activity', async () => {
    await retiredOf('told', {});
    const definer = await api.callerWith(['define']);
    // What they send leaves the others alone.
    const list = [{ targetType, key: 'told', options: [option('c'), option('d')] }];
    expect((await definer('setCustomFields', { list })).data).toMatchObject([{ retiredOptions: [] }]);
    const [seen] = (await api.call('getCustomFields', { targetType })).data.filter(({ key }) => key === 'told');
    expect(seen).toMatchObject({ retiredOptions: [{ value: 'a' }] });
    const activity = (await api.call('listActivity', { kind: 'field' })).data;
    expect(JSON.stringify(activity)).not.toContain('retiredOptions');
  });
});
