import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Right } from '#contract/wire/endpoint';
import { type Call, testApp } from '../testing/app.ts';

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
  it('leave the version as it is, held or not, where somebody who reads saves the same again', async () => {
    const definer = await api.callerWith(['define']);
    const versions = [];
    for (const [key, held] of [
      ['held', 'd'],
      ['free', 'a'],
    ] as const) {
      const list = (values: string) => [{ targetType, key, options: [...values].map(option) }];
      await api.call('setCustomFields', {
        list: [{ targetType, key, dataType: 'ENUM', options: [...'abcd'].map(option) }],
      });
      await api.call('createUser', { username: key, customData: { [key]: held } });
      await definer('setCustomFields', { list: list('abc') });
      await api.call('setCustomFields', { list: list('abc') });
      versions.push((await definer('setCustomFields', { list: list('abc') })).data[0]?.version);
    }
    expect(versions).toEqual([2, 2]);
    // Nor what the activity says of another change.
    const list = ['held', 'free'].map((key) => ({
      targetType,
      key,
      options: [...'abc'].map(option),
      description: 'New',
    }));
    await api.call('setCustomFields', { list });
    const { data } = await api.call('listActivity', { kind: 'field', limit: 2 });
    expect(data.list.map(({ definition }) => definition?.changes)).toEqual([['description'], ['description']]);
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

describe('an option that is retired because somebody holds it', () => {
  const i18n = { label: { 'ja-JP': { enabled: true, value: 'えー' } } };
  const texted = (value: string) => ({ ...option(value), i18n });
  let admin: Call;
  let count = 0;
  const roleWith = async (rights: Right[], tenants: string[] | null = null) => {
    count += 1;
    return (await admin('saveStaffRole', { name: `Role ${count}`, rights, tenants })).data.id;
  };
  beforeAll(async () => {
    admin = await api.staffWith('administrator');
  });

  /** What a caller is answered about two fields that differ only in which of the options `a` and `b` is held. */
  async function twice(told: (field: { key: string; other: string }) => Promise<unknown>) {
    const answers = [];
    for (const [held, other] of [
      ['a', 'b'],
      ['b', 'a'],
    ] as const) {
      count += 1;
      const key = `held${count}`;
      await admin('setCustomFields', {
        list: [{ targetType, key, dataType: 'ENUM', options: [texted('a'), texted('b'), option('c')] }],
      });
      await api.call('createUser', { username: key, customData: { [key]: held } });
      await admin('setCustomFields', { list: [{ targetType, key, options: [option('c')] }] });
      const answer = JSON.stringify((await told({ key, other })) ?? null);
      answers.push(answer.replaceAll(key, 'key').replaceAll(/"(createdAt|updatedAt|requestId)":"[^"]*"/g, ''));
    }
    expect(answers[0]).toEqual(answers[1]);
    return answers[0];
  }
  const retire = (key: string, value: string) => ({
    changes: [{ targetType, key, dispositions: [{ value, disposition: 'retire' as const }] }],
  });

  it('is told to whoever reads the values only: not by the trash, a version that changed, nor when it comes back', async () => {
    const definer = await api.staffWith(await roleWith(['define']));
    await twice(async ({ key }) => {
      const list = [{ targetType, key, version: 77 }];
      return (await definer('setCustomFields', { list })).current;
    });
    await twice(async ({ key }) => {
      await definer('deleteCustomFields', { list: [{ targetType, key }] });
      const trash = (await definer('listTrashedFields', { targetType })).data;
      return trash.find(({ field }) => field.key === key)?.field;
    });
    const back = await twice(async ({ key }) => {
      const list = [{ targetType, key, options: ['a', 'b', 'c'].map(option) }];
      return (await definer('setCustomFields', { list })).data;
    });
    expect(back).not.toContain('えー');
  });

  it('takes no disposition of somebody who isn’t told of it: without read, or of a field hidden from them', async () => {
    const definer = await api.staffWith(await roleWith(['define']));
    const unknown = await twice(async ({ key }) => (await definer('planFields', retire(key, 'a'))).issues);
    expect(unknown).toContain('dispositionUnknown');
    const role = await roleWith(['read', 'define']);
    const blind = await api.staffWith(role);
    await twice(async ({ key }) => {
      await admin('setCustomFields', { list: [{ targetType, key, access: { [role]: 'hidden' } }] });
      return (await blind('planFields', retire(key, 'a'))).issues;
    });
    const key = `held${count}`;
    expect((await admin('planFields', retire(key, 'b'))).data.fields).toMatchObject([{ options: [{ value: 'b' }] }]);
  });

  it('isn’t told either after the field is masked', async () => {
    const definer = await api.staffWith(await roleWith(['define']));
    await twice(async ({ key }) => {
      await admin('setCustomFields', { list: [{ targetType, key, desensitization: true }] });
      const list = [{ targetType, key, description: 'x' }];
      return [
        (await definer('setCustomFields', { list })).data,
        (await definer('planFields', retire(key, 'a'))).issues,
      ];
    });
    const key = `held${count}`;
    const field = (await admin('getCustomFields', { targetType })).data.find((one) => one.key === key);
    expect(field).toMatchObject({ retiredOptions: [{ value: 'b' }] });
  });

  it('is told to whoever meets some tenants if it is held there', async () => {
    const departments = 'DEPARTMENT';
    const dep = async (name: string) => {
      const { tenantId } = (await api.call('createTenant', { name })).data;
      await api.call('createOrganization', { organizationCode: name, organizationName: name, tenantId });
      const parent = { organizationCode: name, parentDepartmentId: 'root', tenantId };
      const { departmentId } = (await api.call('createDepartment', { ...parent, name })).data;
      return { tenantId, departmentId };
    };
    const [north, south] = [await dep('North'), await dep('South')];
    const { tenantId } = north;
    const place = { targetType: departments, key: 'tier' } as const;
    const list = [{ ...place, dataType: 'ENUM' as const, options: ['a', 'b', 'c', 'd'].map(option) }];
    await admin('setCustomFields', { tenantId, list });
    for (const [{ departmentId }, value] of [
      [north, 'a'],
      [south, 'b'],
    ] as const) {
      const target = { targetType: departments, targetIdentifier: departmentId, tenantId } as const;
      expect(await api.call('setCustomData', { ...target, list: [{ key: 'tier', value }] })).toMatchObject({
        data: {},
      });
    }
    await admin('setCustomFields', { tenantId, list: [{ ...place, options: [option('d')] }] });
    const toldTo = async (call: Call) => {
      const field = (await call('getCustomFields', { targetType: departments, tenantId })).data[0];
      return field && 'retiredOptions' in field && field.retiredOptions.map(({ value }) => value);
    };
    expect(await toldTo(admin)).toEqual(['a', 'b']);
    const bound = await api.staffWith(await roleWith(['read', 'define'], [tenantId]));
    expect(await toldTo(bound)).toEqual(['a']);
    const plan = async (value: string) => {
      const changes = [{ ...place, dispositions: [{ value, disposition: 'retire' as const }] }];
      return (await bound('planFields', { tenantId, changes })).statusCode;
    };
    expect(await Promise.all(['a', 'b', 'c'].map(plan))).toEqual([200, 400, 400]);
    await bound('setCustomFields', { tenantId, list: [{ ...place, options: [option('c'), option('d')] }] });
    expect(await toldTo(admin)).toEqual(['a', 'b']);
  });
});
