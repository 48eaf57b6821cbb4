import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Call, testApp } from '../testing/app.ts';

const targetType = 'USER' as const;
let api: Awaited<ReturnType<typeof testApp>>;
let definer: Call;
beforeAll(async () => {
  api = await testApp();
  const admin = await api.staffWith('administrator');
  const role = await admin('saveStaffRole', { name: 'Definer', rights: ['read', 'define'], tenants: null });
  const { id } = role.data;
  const fields = [
    { key: 'hidden', access: { [id]: 'hidden' as const } },
    { key: 'masked', encrypted: true },
  ];
  await admin('setCustomFields', { list: fields.map((field) => ({ targetType, ...field })) });
  await api.call('createUser', { customData: { hidden: 'x', masked: 'x' } });
  definer = await api.staffWith(id);
});
afterAll(() => api.close());

/** What every answer about a field says about the number of targets that have a value of it. */
async function told(call: Call, key: string) {
  const counts = (await call('countValues', { targetType })).data.holders;
  const health = (await call('getFieldHealth', { targetType, key })).data;
  const plan = (await call('planFields', { deletions: [{ targetType, key }] })).data;
  return [counts[key], health.holders, plan.fields[0]?.holders, plan.touchesValues];
}

describe('how many targets have a value', () => {
  it('is known to a definer who sees masks', async () => {
    expect(await told(definer, 'masked')).toEqual([1, 1, 1, true]);
  });

  it('isn’t known to a definer whose role doesn’t see the field', async () => {
    expect(await told(definer, 'hidden')).toEqual([undefined, null, null, true]);
    expect(await told(await api.staffWith('administrator'), 'hidden')).toEqual([1, 1, 1, true]);
  });

  it('isn’t known to a definer without the read permission, also in the trash', async () => {
    const blind = await api.callerWith(['define']);
    await api.call('deleteCustomFields', { list: [{ targetType, key: 'masked' }] });
    const list = async (call: Call) =>
      (await call('listTrashedFields', { targetType })).data.map(({ holders }) => holders);
    expect([await list(blind), await list(definer)]).toEqual([[null], [1]]);
  });
});

it('a plan that moves the masked value of a choice is recorded as a comparison; a visible value isn’t', async () => {
  const options = ['a', 'b'].map((value) => ({ value, label: value }));
  const choice = { targetType, dataType: 'ENUM' as const, options };
  const list = ['masked', 'plain'].map((key) => ({ ...choice, key: `${key}Level`, desensitization: key === 'masked' }));
  await api.call('setCustomFields', { list });
  await api.call('createUser', { customData: { maskedLevel: 'a', plainLevel: 'a' } });
  const admin = await api.staffWith('administrator');
  const move = async (key: string) => {
    const dispositions = [{ value: 'a', disposition: 'move' as const, to: 'b' }];
    const changes = [{ targetType, key, options: options.slice(1), dispositions }];
    const { token } = (await admin('planFields', { changes })).data;
    return (await admin('applyPlan', { changes, token })).statusCode;
  };
  const recorded = async () =>
    (await api.server.database.read.selectFrom('activity').select('id').where('event', '=', 'searched').execute())
      .length;
  expect([await move('plainLevel'), await recorded()]).toEqual([200, 0]);
  expect([await move('maskedLevel'), await recorded()]).toEqual([200, 1]);
});
