import { callerOf, measure, openServer } from './server.ts';

// Measures what people in the console wait for, with any number of users: npm run bench -- 20000
// DATABASE_URL chooses the database; without it, a temporary SQLite file.

const users = Number(process.argv[2] ?? 5_000);
const bench = await openServer();
const call = await callerOf(bench);

const toOption = (value: string) => ({ value, label: value.toUpperCase() });
await call('setCustomFields', {
  list: [
    { targetType: 'USER', key: 'team' },
    { targetType: 'USER', key: 'badge', isUnique: true },
    { targetType: 'USER', key: 'level', dataType: 'NUMBER' },
    { targetType: 'USER', key: 'site', dataType: 'ENUM', options: ['a', 'b', 'c'].map(toOption) },
  ],
});
const start = performance.now();
let some = '';
for (let at = 0; at < users; at += 50) {
  const list = Array.from({ length: Math.min(50, users - at) }, (_, index) => {
    const number = at + index;
    return {
      username: `user${number}`,
      name: `王 ${number}`,
      customData: { team: `team ${number % 97}`, badge: `B${number}`, level: number % 10, site: 'abc'[number % 3] },
    };
  });
  some = (await call('createUsersBatch', { list }))[0]?.userId ?? some;
}
const seconds = (performance.now() - start) / 1_000;
process.stdout.write(
  `${bench.server.database.engine}, ${users} users with four values each, created in ${seconds.toFixed(1)} s\n`,
);

const page = { options: { pagination: { page: 1, limit: 20 }, withCustomData: true } };
await measure('V3: first page of users', () => call('listUsers', page));
await measure('V3: one keyword', () => call('listUsers', { ...page, keywords: `user${users - 1}` }));
await measure('V3: equal on a custom field', () =>
  call('listUsers', { ...page, advancedFilter: [{ field: 'badge', operator: 'EQUAL', value: 'B7' }] }),
);

const list = { targetType: 'USER' as const, limit: 20, columns: ['email', 'team', 'level', 'site'] };
const texts = ['王', '王 ', String(users - 1), `user${users - 1}`];
await measure('first page', () => call('listTargets', list));
const last = await call('listTargets', { ...list, cursor: 'end' });
const pages = Math.ceil(users / list.limit).toLocaleString('en-US');
await measure(`page ${pages}, by its cursor`, () => call('listTargets', { ...list, cursor: 'end' }));
await measure('the page before it', () => call('listTargets', { ...list, cursor: last.previous }));
await measure(
  `page ${pages}, by its number`,
  () => call('listTargets', { ...list, page: Math.ceil(users / list.limit) }),
  5,
);
const byLevel = { ...list, sort: { field: 'level', descending: true } };
await measure('first page, sorted by a custom field', () => call('listTargets', byLevel));
await measure('last page, sorted by a custom field', () => call('listTargets', { ...byLevel, cursor: 'end' }));
await measure('first page, sorted by name', () => call('listTargets', { ...list, sort: { field: 'name' } }));
for (const keywords of texts) {
  await measure(`keyword “${keywords}”`, () => call('listTargets', { ...list, keywords }), 10);
  await measure(`count of keyword “${keywords}”`, () => call('countTargets', { targetType: 'USER', keywords }), 5);
}
const filtered = (field: string, operator: 'CONTAINS' | 'IS_NULL' | 'UNFIT' | 'IN', value?: unknown) =>
  call('listTargets', { ...list, filters: [{ field, operator, value }] });
await measure('team contains “9”', () => filtered('team', 'CONTAINS', '9'), 10);
await measure('team contains “M 9”', () => filtered('team', 'CONTAINS', 'M 9'), 10);
await measure('badge contains “B777”', () => filtered('badge', 'CONTAINS', 'B777'), 10);
await measure('site is one of two', () => filtered('site', 'IN', ['a', 'b']), 10);
await measure('badge is empty', () => filtered('badge', 'IS_NULL'), 10);
await measure('level doesn’t fit its type', () => filtered('level', 'UNFIT'), 10);
await measure('count of all', () => call('countTargets', { targetType: 'USER' }), 10);
await measure('the values of one user', () => call('getCustomData', { targetType: 'USER', targetIdentifier: some }));
let turn = 0;
await measure('change one value', () =>
  call('setCustomData', { targetType: 'USER', targetIdentifier: some, list: [{ key: 'level', value: ++turn }] }),
);

const ruled = {
  changes: [{ targetType: 'USER' as const, key: 'badge', validateRules: [{ type: 'regExp', content: '^B\\d*7$' }] }],
};
await measure('plan: a new pattern', () => call('planFields', ruled), 5);
const unique = { changes: [{ targetType: 'USER' as const, key: 'team', isUnique: true }] };
await measure('plan: switch on unique', () => call('planFields', unique), 5);
const merged = {
  changes: [
    {
      targetType: 'USER' as const,
      key: 'site',
      options: ['a', 'c'].map(toOption),
      dispositions: [{ value: 'b', disposition: 'move' as const, to: 'a' }],
    },
  ],
};
await measure('plan: an option that a third holds goes', () => call('planFields', merged), 5);
let planId = '';
await measure(
  'apply: move them',
  async () => {
    planId = (await call('applyPlan', { ...merged, token: (await call('planFields', merged)).token })).planId;
  },
  1,
);
await measure('undo: move them back', () => call('undoPlan', { planId }), 1);
await measure('health of a choice', () => call('getFieldHealth', { targetType: 'USER', key: 'site' }), 5);
await measure('health of a number', () => call('getFieldHealth', { targetType: 'USER', key: 'level' }), 5);

await bench.close();
