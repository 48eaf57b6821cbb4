import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Call, testApp } from '../testing/app.ts';

let api: Awaited<ReturnType<typeof testApp>>;
let admin: Call;
let userId: string;
const targetType = 'USER' as const;

beforeAll(async () => {
  api = await testApp();
  admin = await api.staffWith('administrator');
  const list = [
    { targetType, key: 'badge' },
    {
      targetType,
      key: 'tier',
      dataType: 'ENUM' as const,
      options: ['a', 'b'].map((value) => ({ value, label: value })),
    },
    { targetType, key: 'hidden', access: { support: 'hidden' as const } },
  ];
  await admin('setCustomFields', { list });
  const customData = { badge: 'abc', tier: 'b', hidden: 'x' };
  userId = (await api.call('createUser', { username: 'ada', name: 'Ada', customData })).data.userId;
  await api.call('createUser', { username: 'ben', customData: { badge: '123' } });
});
afterAll(() => api.close());

const misfits = async (call: Call) => (await call('countMisfits', { targetType })).data;

describe('the overview', () => {
  it('counts what breaks a rule, doesn’t fit its type and holds an inactive option, and counts again after a change', async () => {
    const none = { unfit: 0, breaches: 0, retired: 0 };
    expect(await misfits(admin)).toEqual({ fields: { badge: none, tier: none, hidden: none }, isComplete: true });
    const request = {
      changes: [
        { targetType, key: 'badge', validateRules: [{ type: 'regExp', content: '^[0-9]+$' }] },
        {
          targetType,
          key: 'tier',
          options: [{ value: 'a', label: 'a' }],
          dispositions: [{ value: 'b', disposition: 'retire' as const }],
        },
      ],
    };
    const { token } = (await admin('planFields', request)).data;
    expect((await admin('applyPlan', { ...request, token })).statusCode).toBe(200);
    const { fields } = await misfits(admin);
    expect(fields).toMatchObject({ badge: { ...none, breaches: 1 }, tier: { ...none, retired: 1 } });
    await api.call('setCustomData', { targetType, targetIdentifier: userId, list: [{ key: 'badge', value: '4' }] });
    expect((await misfits(admin)).fields.badge).toEqual(none);
  });

  it('tells nobody of fields that they don’t see, nor of the audit log without its permission', async () => {
    const support = await api.staffWith('support');
    expect(Object.keys((await misfits(support)).fields)).toEqual(['badge', 'tier']);
    expect((await support('getOverview', {})).data.days).toBeNull();
    const { days } = (await admin('getOverview', {})).data;
    expect(days).toEqual([{ day: new Date().toISOString().slice(0, 10), entries: expect.any(Number) }]);
  });

  it('has one’s own unsaved edits, and fields whose values are being encrypted', async () => {
    const draft = { builtin: {}, custom: { badge: { base: null, mine: '5' } } };
    await admin('saveDraft', { targetType, targetIdentifier: userId, draft });
    await admin('setCustomFields', { list: [{ targetType, key: 'hidden', encrypted: true }] });
    const { drafts, sealing } = (await admin('getOverview', {})).data;
    expect(drafts).toMatchObject([{ targetType, holder: { identifier: userId, name: 'Ada' } }]);
    expect(sealing).toEqual([{ targetType, key: 'hidden' }]);
    const other = (await (await api.staffWith('support'))('getOverview', {})).data;
    expect(other).toMatchObject({ drafts: [], sealing: [] });
  });
});
