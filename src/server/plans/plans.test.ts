import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Sent } from '#contract/endpoints';
import type { Field } from '#contract/field';
import { fileOf, planOfFile } from '#contract/file';
import { doesNothing, type Plan, type SentPlan } from '#contract/plan';
import { purgeTrash } from '../fields/lifecycle.ts';
import { testApp } from '../testing/app.ts';

let api: Awaited<ReturnType<typeof testApp>>;
beforeAll(async () => {
  api = await testApp();
});
afterAll(() => api.close());

let count = 0;
const fresh = (prefix: string) => `${prefix}_${++count}`;
const define = (...list: Sent<'setCustomFields'>['list']) => api.call('setCustomFields', { list });
const newUser = async (customData: Record<string, unknown> = {}) =>
  (await api.call('createUser', { username: fresh('u'), customData })).data.userId;
const set = (targetIdentifier: string, key: string, value: unknown) =>
  api.call('setCustomData', { targetType: 'USER', targetIdentifier, list: [{ key, value }] });
const held = async (targetIdentifier: string, key: string) =>
  (await api.call('getCustomData', { targetType: 'USER', targetIdentifier })).data[key];
const get = async (key: string): Promise<Field | undefined> =>
  (await api.call('getCustomFields', { targetType: 'USER' })).data.find((field) => field.key === key);
const plan = async (request: SentPlan): Promise<Plan> => (await api.call('planFields', request)).data;
const apply = async (request: SentPlan) => api.call('applyPlan', { ...request, token: (await plan(request)).token });
const option = (value: string) => ({ value, label: value.toUpperCase() });
const optionsOf = (field: Field | undefined) =>
  field && 'options' in field ? field.options.map(({ value }) => value) : [];

/** What targets have for the latest field of a key (also in the trash), and what its history replays to. */
const fieldId = async (key: string) =>
  (
    await api.server.database.read
      .selectFrom('fields')
      .select('id')
      .where('key', '=', key)
      .orderBy('id', 'desc')
      .executeTakeFirstOrThrow()
  ).id;
async function stored(key: string) {
  const rows = await api.server.database.read
    .selectFrom('fieldValues')
    .select(['targetId', 'value'])
    .where('fieldId', '=', await fieldId(key))
    .execute();
  return new Map(rows.map(({ targetId, value }) => [targetId, value] as const).sort());
}
async function replayed(key: string) {
  const rows = await api.server.database.read
    .selectFrom('history')
    .select(['targetId', 'after'])
    .where('fieldId', '=', await fieldId(key))
    .where('kind', '=', 'value')
    .orderBy('id')
    .execute();
  const held = new Map<number, string>();
  for (const { targetId, after } of rows) {
    if (targetId === null) continue;
    if (after === null) held.delete(targetId);
    else held.set(targetId, after);
  }
  return new Map([...held].sort());
}

async function choiceHeldBy(...values: string[]) {
  const key = fresh('choice');
  await define({ targetType: 'USER', key, dataType: 'ENUM', options: ['a', 'b', 'c'].map(option) });
  const users: string[] = [];
  for (const value of values) users.push(await newUser({ [key]: value }));
  return { key, users };
}

describe('plan-fields', () => {
  it('says who has removed options, writes nothing, and waits for a decision', async () => {
    const { key } = await choiceHeldBy('b', 'b', 'a');
    const before = await get(key);
    const made = await plan({ changes: [{ targetType: 'USER', key, options: [option('a'), option('c')] }] });
    expect(made).toMatchObject({
      isBlocked: true,
      touchesValues: true,
      fields: [
        { does: 'change', changes: ['options'], holders: 3, options: [{ value: 'b', holders: 2, disposition: null }] },
      ],
    });
    expect(await get(key)).toEqual(before);
  });

  it('touches nothing if only texts change', async () => {
    const { key } = await choiceHeldBy('a');
    expect(await plan({ changes: [{ targetType: 'USER', key, label: 'New' }] })).toMatchObject({
      isBlocked: false,
      touchesValues: false,
      fields: [{ changes: ['label'] }],
    });
  });

  it('finds the values that a new rule would refuse, with their targets and reasons', async () => {
    const key = fresh('ruled');
    await define({ targetType: 'USER', key });
    const user = await newUser({ [key]: 'nope' });
    await newUser({ [key]: '12345' });
    const made = await plan({
      changes: [{ targetType: 'USER', key, validateRules: [{ type: 'regExp', content: '^\\d+$', error: '' }] }],
    });
    expect(made.fields[0]?.broken).toMatchObject({
      count: 1,
      samples: [{ holder: { identifier: user }, value: 'nope', says: 'patternBroken ^\\d+$' }],
    });
    expect(made).toMatchObject({ isBlocked: false, touchesValues: true });
  });

  it('finds the duplicates that prevent isUnique', async () => {
    const key = fresh('unique');
    await define({ targetType: 'USER', key });
    for (const value of ['x', 'x', 'y']) await newUser({ [key]: value });
    const made = await plan({ changes: [{ targetType: 'USER', key, isUnique: true }] });
    expect(made).toMatchObject({
      isBlocked: true,
      fields: [{ duplicates: { count: 1, samples: [{ value: 'x', holders: 2 }] } }],
    });
  });

  it('neither counts nor samples values for a key that may define but not read', async () => {
    const key = fresh('ruled');
    await define({ targetType: 'USER', key });
    await newUser({ [key]: 'secret' });
    const call = await api.callerWith(['define']);
    const { data } = await call('planFields', {
      changes: [{ targetType: 'USER', key, validateRules: [{ type: 'email', content: '', error: '' }] }],
    });
    expect(data.fields[0]?.broken).toEqual({ count: 0, samples: [] });
  });

  it.each<[string, (key: string) => SentPlan, unknown]>([
    [
      'a disposition for an option that stays',
      (key) => ({ changes: [{ targetType: 'USER', key, dispositions: [{ value: 'a', disposition: 'clear' }] }] }),
      { path: ['changes', 0, 'dispositions', 0, 'value'], name: 'dispositionUnknown' },
    ],
    [
      'a move to an option that isn’t there',
      (key) => ({
        changes: [
          {
            targetType: 'USER',
            key,
            options: [option('a')],
            dispositions: [{ value: 'b', disposition: 'move', to: 'zzz' }],
          },
        ],
      }),
      { path: ['changes', 0, 'dispositions', 0, 'to'], name: 'notAnOption' },
    ],
    [
      'a field twice',
      (key) => ({ changes: [{ targetType: 'USER', key }], deletions: [{ targetType: 'USER', key }] }),
      { path: ['deletions', 0, 'key'], name: 'repeated' },
    ],
  ])('refuses %s', async (_name, request, issue) => {
    const { key } = await choiceHeldBy('a', 'b');
    expect((await api.call('planFields', request(key))).issues?.[0]).toMatchObject(issue as object);
  });
});

describe('apply-plan', () => {
  it('deactivates, moves and clears at once, and an undo restores everything', async () => {
    const key = fresh('choice');
    await define({ targetType: 'USER', key, dataType: 'ENUM', options: ['a', 'b', 'c', 'd'].map(option) });
    const users = [];
    for (const value of ['a', 'b', 'c', 'd']) users.push(await newUser({ [key]: value }));
    const before = await get(key);
    const applied = await apply({
      changes: [
        {
          targetType: 'USER',
          key,
          options: [option('a')],
          dispositions: [
            { value: 'b', disposition: 'retire' },
            { value: 'c', disposition: 'move', to: 'a' },
            { value: 'd', disposition: 'clear' },
          ],
        },
      ],
    });
    expect(applied.statusCode).toBe(200);
    expect(await Promise.all(users.map((user) => held(user, key)))).toEqual(['a', 'b', 'a', undefined]);
    const after = await get(key);
    expect([
      optionsOf(after),
      after && 'retiredOptions' in after && after.retiredOptions.map(({ value }) => value),
    ]).toEqual([['a'], ['b']]);
    const definer = await api.callerWith(['define', 'read']);
    expect(await definer('undoPlan', { planId: applied.data.planId })).toMatchObject({ error: 'forbidden' });
    const undone = await api.call('undoPlan', { planId: applied.data.planId });
    expect(undone.data).toEqual({ values: 2, skipped: [] });
    expect(await Promise.all(users.map((user) => held(user, key)))).toEqual(['a', 'b', 'c', 'd']);
    expect(await get(key)).toEqual({ ...before, version: expect.any(Number), updatedAt: expect.any(String) });
    expect(await api.call('undoPlan', { planId: applied.data.planId })).toMatchObject({ error: 'planUndone' });
  });

  it('is refused with the new plan if a value or the field changed', async () => {
    const { key, users } = await choiceHeldBy('a', 'b');
    const request: SentPlan = {
      changes: [
        { targetType: 'USER', key, options: [option('a')], dispositions: [{ value: 'b', disposition: 'clear' }] },
      ],
    };
    const first = await plan(request);
    await set(users[0] ?? '', key, 'b');
    const refused = await api.call('applyPlan', { ...request, token: first.token });
    expect(refused).toMatchObject({
      statusCode: 409,
      error: 'planMoved',
      current: { fields: [{ options: [{ value: 'b', holders: 2 }] }] },
    });
    expect(await held(users[1] ?? '', key)).toBe('b');
    const second = await plan(request);
    await define({ targetType: 'USER', key, description: 'moved' });
    expect(await api.call('applyPlan', { ...request, token: second.token })).toMatchObject({ error: 'planMoved' });
    expect(await api.call('applyPlan', { ...request, token: 'made up' })).toMatchObject({ error: 'planMoved' });
  });

  it('needs no plan for changes that can’t touch values, and one for others, whether or not a target has a value', async () => {
    const { key } = await choiceHeldBy('a');
    const unheld = fresh('unheld');
    const text = { targetType: 'USER' as const, key: unheld };
    await define({ ...text, label: 'Text' });
    const choice = { targetType: 'USER' as const, key };
    const { options = [] } = (await get(key)) as { options?: { value: string; label: string }[] };
    for (const change of [
      { ...choice, label: 'Another', i18n: { label: { 'zh-CN': { enabled: true, value: '另一个' } } } },
      { ...choice, options: [...options, option('more')], visibleInUserCenter: true },
      { ...text, description: 'More', validateRules: [] },
      { targetType: 'USER' as const, key: fresh('made'), label: 'Made', isUnique: true, create: true },
    ]) {
      const applied = await api.call('applyPlan', { changes: [change] });
      expect(applied, JSON.stringify(change)).toMatchObject({
        statusCode: 200,
        data: { fields: [{ key: change.key }] },
      });
    }
    for (const request of [
      { changes: [{ ...choice, options: options.slice(1) }] },
      {
        changes: [
          { ...choice, label: 'Whole or nothing' },
          { ...text, isUnique: true },
        ],
      },
      { changes: [{ ...text, encrypted: true }] },
      { changes: [{ ...text, validateRules: [{ type: 'length', content: '..3' }] }] },
      { changes: [{ ...text, normalise: true }] },
      { deletions: [text] },
    ])
      expect(await api.call('applyPlan', request), JSON.stringify(request)).toMatchObject({
        statusCode: 409,
        error: 'planNeeded',
      });
    expect((await get(key))?.label).toBe('Another');
  });

  it('accepts no token of another request or another caller', async () => {
    const { key } = await choiceHeldBy('a');
    const { token } = await plan({ changes: [{ targetType: 'USER', key, label: 'One' }] });
    expect(await api.call('applyPlan', { changes: [{ targetType: 'USER', key, label: 'Two' }], token })).toMatchObject({
      error: 'planMoved',
    });
    const other = await api.callerWith();
    expect(await other('applyPlan', { changes: [{ targetType: 'USER', key, label: 'One' }], token })).toMatchObject({
      error: 'planMoved',
    });
  });

  it('refuses to remove an option in use without a decision', async () => {
    const { key } = await choiceHeldBy('b');
    expect(await apply({ changes: [{ targetType: 'USER', key, options: [option('a')] }] })).toMatchObject({
      statusCode: 400,
      issues: [{ path: ['changes', 0, 'options'], name: 'dispositionMissing', limit: 'B' }],
    });
  });

  it('needs the write permission to move values, and writes nothing without it', async () => {
    const { key, users } = await choiceHeldBy('b');
    const call = await api.callerWith(['define', 'read']);
    const request: SentPlan = {
      changes: [
        { targetType: 'USER', key, options: [option('a')], dispositions: [{ value: 'b', disposition: 'clear' }] },
      ],
    };
    const { data } = await call('planFields', request);
    expect(await call('applyPlan', { ...request, token: data.token })).toMatchObject({
      error: 'forbidden',
      issues: [{ name: 'needsWriteRight' }],
    });
    expect(await held(users[0] ?? '', key)).toBe('b');
    expect(optionsOf(await get(key))).toEqual(['a', 'b', 'c']);
  });

  it('deletes to the trash, and an undo restores the values', async () => {
    const { key, users } = await choiceHeldBy('b');
    const { data } = await apply({ deletions: [{ targetType: 'USER', key }] });
    expect(await get(key)).toBeUndefined();
    await api.call('undoPlan', { planId: data.planId });
    expect(await held(users[0] ?? '', key)).toBe('b');
  });

  it('an undo leaves what changed since, and names it', async () => {
    const { key, users } = await choiceHeldBy('b', 'b');
    const { data } = await apply({
      changes: [
        {
          targetType: 'USER',
          key,
          label: 'Mine',
          options: [option('a'), option('c')],
          dispositions: [{ value: 'b', disposition: 'move', to: 'a' }],
        },
      ],
    });
    await set(users[0] ?? '', key, 'c');
    await define({ targetType: 'USER', key, label: 'Theirs' });
    const undone = await api.call('undoPlan', { planId: data.planId });
    expect(undone.data).toMatchObject({
      values: 1,
      skipped: [
        { key, what: 'label' },
        { key, what: 'value', holder: { identifier: users[0] } },
      ],
    });
    expect(await get(key)).toMatchObject({ label: 'Theirs' });
    expect(optionsOf(await get(key))).toEqual(['a', 'b', 'c']);
    expect([await held(users[0] ?? '', key), await held(users[1] ?? '', key)]).toEqual(['c', 'b']);
  });

  it('converts values that can only mean one value, on request', async () => {
    const key = fresh('number');
    await define({ targetType: 'USER', key, dataType: 'NUMBER' });
    const [user, odd] = [await newUser({ [key]: 1 }), await newUser({ [key]: 2 })];
    const spoil = async (value: number, stored: string) => {
      await api.server.database.write
        .updateTable('fieldValues')
        .set({ value: JSON.stringify(stored), number: null, sortKey: stored })
        .where('fieldId', '=', (query) => query.selectFrom('fields').select('id').where('key', '=', key))
        .where('value', '=', JSON.stringify(value))
        .execute();
    };
    await spoil(1, '18');
    await spoil(2, 'eighteen');
    const request: SentPlan = { changes: [{ targetType: 'USER', key, normalise: true }] };
    expect((await plan(request)).fields[0]).toMatchObject({
      rewritten: { count: 1, samples: [{ value: '18', after: 18 }] },
      broken: { count: 1 },
    });
    const { data } = await apply(request);
    expect([await held(user, key), await held(odd, key)]).toEqual([18, 'eighteen']);
    await api.call('undoPlan', { planId: data.planId });
    expect(await held(user, key)).toBe('18');
  });

  it('brings a pool to the state of a file, and then there is nothing left to do', async () => {
    const target = 'GROUP' as const;
    await define(
      { targetType: target, key: 'one', label: 'One' },
      { targetType: target, key: 'two', dataType: 'ENUM', options: [option('a')] },
    );
    const stored = (await api.call('getCustomFields', { targetType: target })).data;
    const file = fileOf(target, stored);
    expect(doesNothing(await plan(planOfFile(file, stored, false).request))).toBe(true);
    const wanted = {
      ...file,
      fields: [
        {
          key: 'three',
          dataType: 'NUMBER' as const,
          label: 'Three',
          i18n: { label: { 'ja-JP': { enabled: true, value: '三' } } },
        },
        { ...file.fields[1], key: 'two', dataType: 'ENUM' as const, options: [option('b'), option('a')] },
      ],
    };
    const { request, unnamed } = planOfFile(wanted, stored, true);
    expect(unnamed).toEqual(['one']);
    const applied = await apply(request);
    expect(applied.statusCode).toBe(200);
    const now = (await api.call('getCustomFields', { targetType: target })).data;
    expect(now.map(({ key }) => key)).toEqual(['three', 'two']);
    expect(doesNothing(await plan(planOfFile(wanted, now, true).request))).toBe(true);
    expect(doesNothing(await plan(planOfFile(fileOf(target, now), now, true).request))).toBe(true);
    expect((await api.call('undoPlan', { planId: applied.data.planId })).data.skipped).toEqual([]);
    const back = (await api.call('getCustomFields', { targetType: target })).data;
    expect(fileOf(target, back)).toEqual(file);
  });

  it('is atomic for concurrent writers: each value is either moved by the plan or refused', async () => {
    const { key, users } = await choiceHeldBy('a', 'a', 'a', 'b', 'b', 'b');
    for (let round = 0; round < 8; round += 1) {
      await define({ targetType: 'USER', key, options: ['a', 'b', 'c'].map(option) });
      const request: SentPlan = {
        changes: [
          {
            targetType: 'USER',
            key,
            options: [option('a'), option('c')],
            dispositions: [{ value: 'b', disposition: 'move', to: 'c' }],
          },
        ],
      };
      const { token } = await plan(request);
      const [applied, ...writes] = await Promise.all([
        api.call('applyPlan', { ...request, token }),
        ...users.map((user, index) => set(user, key, index % 2 ? 'b' : 'a')),
      ]);
      const values = await Promise.all(users.map((user) => held(user, key)));
      if (applied.statusCode === 200) {
        // A write of b before the plan was moved; a later one was refused because b is no option.
        for (const [index, write] of writes.entries()) {
          if (index % 2) expect(write.statusCode === 400 ? 'refused' : values[index]).toMatch(/refused|c/);
        }
        expect(values).not.toContain('b');
      } else {
        expect(applied.error).toBe('planMoved');
        expect(optionsOf(await get(key))).toContain('b');
      }
    }
  });

  it('random changes, plans and undos never lose a value nor change one that the plan didn’t name', async () => {
    const values = ['a', 'b', 'c', 'd'];
    const step = fc.oneof(
      fc.record({ do: fc.constant('set' as const), who: fc.nat(3), value: fc.constantFrom(...values, null) }),
      fc.record({
        do: fc.constant('plan' as const),
        keep: fc.uniqueArray(fc.constantFrom(...values), { minLength: 1 }),
        disposition: fc.constantFrom('retire' as const, 'move' as const, 'clear' as const),
      }),
      fc.record({ do: fc.constant('delete' as const) }),
      fc.record({ do: fc.constant('undo' as const) }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 12 }), async (steps) => {
        const { key, users } = await choiceHeldBy('a', 'b', 'c', 'a');
        const everybody = async () => Promise.all(users.map((user) => held(user, key)));
        let last: { planId: string; before: unknown[]; after: unknown[] } | undefined;
        for (const one of steps) {
          const before = await everybody();
          const options = optionsOf(await get(key));
          if (one.do === 'set') {
            const answer = await set(users[one.who] ?? '', key, one.value);
            const expected = [...before];
            if (answer.statusCode === 200) expected[one.who] = one.value ?? undefined;
            expect(await everybody()).toEqual(expected);
          } else if (one.do === 'plan') {
            if (!options.length) continue;
            const gone = options.filter((value) => !one.keep.includes(value));
            const to = one.keep[0] ?? '';
            const dispositions = gone.map((value) => ({
              value,
              disposition: one.disposition,
              ...(one.disposition === 'move' && { to }),
            }));
            const request: SentPlan = {
              changes: [{ targetType: 'USER', key, options: one.keep.map(option), dispositions }],
            };
            const made = await plan(request);
            const { data } = await api.call('applyPlan', { ...request, token: made.token });
            const named = new Set(made.fields[0]?.options.map(({ value }) => value));
            const dispositionOf = { retire: (value: unknown) => value, move: () => to, clear: () => undefined }[
              one.disposition
            ];
            const after = before.map((value) => (named.has(value as string) ? dispositionOf(value) : value));
            expect(await everybody()).toEqual(after);
            last = { planId: data.planId, before, after };
          } else if (one.do === 'delete') {
            const answer = await api.call('planFields', { deletions: [{ targetType: 'USER', key }] });
            if (answer.statusCode !== 200) continue;
            const { data } = await apply({ deletions: [{ targetType: 'USER', key }] });
            expect(await everybody()).toEqual(before.map(() => undefined));
            last = { planId: data.planId, before, after: before };
          } else if (last) {
            const wasGone = !(await get(key));
            const undone = await api.call('undoPlan', { planId: last.planId });
            expect(undone.statusCode).toBe(200);
            const now = await everybody();
            const { before: was, after } = last;
            // A value that is still as the plan left it is restored; a changed one stays.
            const expected = before.map((value, index) => (wasGone || value === after[index] ? was[index] : value));
            if (!wasGone || undone.data.skipped.length === 0) expect(now).toEqual(expected);
            last = undefined;
          }
        }
        expect(await replayed(key)).toEqual(await stored(key));
      }),
      { numRuns: 15 },
    );
  });
});

describe('the trash', () => {
  it('lists deleted fields, and restores under another key if its own is taken', async () => {
    const { key, users } = await choiceHeldBy('a');
    await api.call('deleteCustomFields', { list: [{ targetType: 'USER', key }] });
    await define({ targetType: 'USER', key, label: 'Namesake' });
    const { data } = await api.call('listTrashedFields', { targetType: 'USER' });
    const trashed = data.find(({ field }) => field.key === key);
    expect(trashed).toMatchObject({ holders: 1, field: { dataType: 'ENUM' } });
    const place = { targetType: 'USER' as const, key, trashId: trashed?.trashId };
    expect(await api.call('restoreCustomField', place)).toMatchObject({
      error: 'keyTaken',
      current: { offer: `${key}_2` },
    });
    expect((await api.call('restoreCustomField', { ...place, as: `${key}_2` })).data.key).toBe(`${key}_2`);
    expect(await held(users[0] ?? '', `${key}_2`)).toBe('a');
    expect(await held(users[0] ?? '', key)).toBeUndefined();
  });

  it('is purged after 30 days, which leaves an entry', async () => {
    const { key } = await choiceHeldBy('a');
    await api.call('deleteCustomFields', { list: [{ targetType: 'USER', key }] });
    const actor = { kind: 'system', id: 'purge', name: 'Purge', through: 'command', sign: () => '' } as const;
    const purge = (days: number) => purgeTrash(api.server, actor, new Date(Date.now() + days * 86_400_000));
    expect(await purge(29)).toBe(0);
    expect(await purge(31)).toBeGreaterThan(0);
    expect(await api.call('restoreCustomField', { targetType: 'USER', key })).toMatchObject({ error: 'fieldNotFound' });
    const entry = await api.server.database.read
      .selectFrom('history')
      .select('before')
      .where('actorId', '=', 'purge')
      .where('before', 'like', `%"${key}"%`)
      .executeTakeFirst();
    expect(JSON.parse(entry?.before ?? '{}')).toMatchObject({ key, values: 1 });
  });
});

describe('move-custom-field', () => {
  it('moves a field and keeps the others in order', async () => {
    const keys = ['first', 'second', 'third', 'fourth'];
    await define(...keys.map((key) => ({ targetType: 'ROLE' as const, key })));
    const order = async () => (await api.call('getCustomFields', { targetType: 'ROLE' })).data.map(({ key }) => key);
    await api.call('moveCustomField', { targetType: 'ROLE', key: 'fourth', position: 2 });
    expect(await order()).toEqual(['first', 'fourth', 'second', 'third']);
    await define({ targetType: 'ROLE', key: 'fifth' });
    expect((await order()).at(-1)).toBe('fifth');
  });
});

describe('get-field-health', () => {
  it('counts options, near-duplicates and misfits', async () => {
    const key = fresh('city');
    await define({
      targetType: 'USER',
      key,
      dataType: 'ENUM',
      options: [
        { value: 'bj', label: 'Beijing' },
        { value: 'bj2', label: 'beijing ' },
        { value: 'sh', label: 'Shanghai' },
      ],
    });
    for (const value of ['bj', 'bj', 'bj2']) await newUser({ [key]: value });
    const { data } = await api.call('getFieldHealth', { targetType: 'USER', key });
    expect(data).toMatchObject({
      holders: 3,
      distinct: 2,
      bars: [
        { value: 'bj', label: 'Beijing', count: 2 },
        { value: 'bj2', count: 1 },
      ],
      nearDuplicates: [[{ value: 'bj', holders: 2 }, { value: 'bj2' }]],
      misfits: { count: 0 },
    });
    expect(data.lastWrite).toMatch(/Z$/);
  });

  it('counts numbers in equal steps', async () => {
    const key = fresh('score');
    await define({ targetType: 'USER', key, dataType: 'NUMBER' });
    for (const value of [0, 1, 6, 12]) await newUser({ [key]: value });
    const { data } = await api.call('getFieldHealth', { targetType: 'USER', key });
    expect(data.histogram?.map((bar) => bar.count)).toEqual([1, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1]);
  });
});

describe('a plan on values that its author may not know', () => {
  it('moves, clears and undoes none of them, whether or not a target has one', async () => {
    const admin = await api.staffWith('administrator');
    const { id } = (
      await admin('saveStaffRole', {
        name: fresh('role'),
        rights: ['read', 'define', 'write', 'activity'],
        tenants: null,
      })
    ).data;
    const blind = await api.staffWith(id);
    const key = fresh('masked');
    await define({ targetType: 'USER', key, dataType: 'ENUM', options: [option('a'), option('b'), option('c')] });
    await newUser({ [key]: 'a' });
    const moving = (value: string, disposition: 'move' | 'clear'): SentPlan => ({
      changes: [
        {
          targetType: 'USER',
          key,
          options: ['a', 'b', 'c'].filter((one) => one !== value).map(option),
          dispositions: [{ value, disposition, ...(disposition === 'move' && { to: 'c' }) }],
        },
      ],
    });
    const { planId } = (await apply(moving('a', 'move'))).data;
    await define({ targetType: 'USER', key, desensitization: true });
    await define({ targetType: 'USER', key, options: [option('a'), option('b'), option('c')] });
    const refused = { statusCode: 403, issues: [{ name: 'needsRevealRight' }] };
    for (const value of ['a', 'b'])
      for (const disposition of ['move', 'clear'] as const) {
        const request = moving(value, disposition);
        const { token } = (await blind('planFields', request)).data;
        expect(await blind('applyPlan', { ...request, token }), `${value} ${disposition}`).toMatchObject(refused);
      }
    expect(await blind('undoPlan', { planId })).toMatchObject(refused);
    const { list } = (await blind('listActivity', { key })).data;
    expect(list.find(({ event }) => event === 'moved')).toMatchObject({ count: null });
  });
});

describe('the list of plans', () => {
  it('discloses no number of a masked field under a key that another field has now', async () => {
    const admin = await api.staffWith('administrator');
    const { id } = (await admin('saveStaffRole', { name: fresh('role'), rights: ['read', 'define'], tenants: null }))
      .data;
    const blind = await api.staffWith(id);
    const key = fresh('again');
    const field = { targetType: 'USER' as const, key, dataType: 'ENUM' as const };
    await define({ ...field, options: [option('a'), option('b')], desensitization: true });
    await newUser({ [key]: 'a' });
    const dispositions = [{ value: 'a', disposition: 'clear' as const }];
    const request = { changes: [{ targetType: 'USER' as const, key, options: [option('b')], dispositions }] };
    const { token } = (await admin('planFields', request)).data;
    const { planId } = (await admin('applyPlan', { ...request, token })).data;
    await api.call('deleteCustomFields', { list: [{ targetType: 'USER', key }] });
    await define({ targetType: 'USER', key });
    const { data } = await blind('listPlans', { targetType: 'USER' });
    expect(data.find((one) => one.id === planId)?.fields).toMatchObject([{ key, values: null }]);
  });
});

describe('an undo of turning unique off', () => {
  it('doesn’t disclose whether values repeat to a caller without the read permission', async () => {
    const definer = await api.callerWith(['define']);
    const answers = [];
    for (const second of ['same', 'other']) {
      const key = fresh('single');
      await define({ targetType: 'USER', key, isUnique: true });
      const { planId } = (await apply({ changes: [{ targetType: 'USER', key, isUnique: false }] })).data;
      await newUser({ [key]: 'same' });
      await newUser({ [key]: second });
      const { data } = await definer('undoPlan', { planId });
      answers.push(data.skipped.map(({ what }) => what));
      expect((await get(key))?.isUnique).toBe(false);
    }
    expect(answers).toEqual([['isUnique'], ['isUnique']]);
  });
});
