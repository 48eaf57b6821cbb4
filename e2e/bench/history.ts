import { sql } from 'kysely';
import { callerOf, measure, openServer } from './server.ts';

// Measures change history and audit log with many entries: npm run bench:history -- 10000000
// DATABASE_URL chooses the database; without it, a temporary SQLite file.

const wanted = Number(process.argv[2] ?? 1_000_000);
const bench = await openServer();
const call = await callerOf(bench);

const people = 1_000;
await call('setCustomFields', {
  list: [
    { targetType: 'USER', key: 'team' },
    { targetType: 'USER', key: 'level', dataType: 'NUMBER' },
  ],
});
const userIds: string[] = [];
for (let at = 0; at < people; at += 50) {
  const list = Array.from({ length: 50 }, (_, index) => ({ username: `user${at + index}`, customData: { team: 'a' } }));
  for (const { userId } of await call('createUsersBatch', { list })) userIds.push(userId);
}
const targetIdentifier = userIds[500] ?? '';

// Changes of everybody's values, as many as requested. The measured changes come after them.
const { write, engine } = bench.server.database;
const slice = 500_000;
const start = performance.now();
for (let done = 0; done < wanted; done += slice) {
  const numbers =
    engine === 'sqlite'
      ? sql`with recursive n (i) as (select 0 union all select i + 1 from n where i < ${Math.min(slice, wanted - done) - 1}) select i from n`
      : sql`select i from generate_series(0, ${Math.min(slice, wanted - done) - 1}) i`;
  await sql`insert into history (at, kind, field_id, target_id, before, after, actor_kind, actor_id, actor_name, through)
    select '2026-01-01T00:00:00.000Z', 'value', f.id, 1 + (numbers.i * 7919) % ${people}, '"a"', '"b"', 'key', 'bench', 'bench', 'api'
    from (${numbers}) numbers, (select id from fields where key = 'team') f`.execute(write);
}
process.stdout.write(
  `${engine}, ${wanted} entries, written in ${((performance.now() - start) / 1_000).toFixed(0)} s\n`,
);
await call('setCustomData', { targetType: 'USER', targetIdentifier, list: [{ key: 'level', value: 1 }] });

const person = { targetType: 'USER' as const, targetIdentifier };
await measure('history of one target, its first page', () => call('listHistory', person));
await measure('the same, of one field', () => call('listHistory', { ...person, key: 'team' }));
await measure('the same, of a field that changed once', () => call('listHistory', { ...person, key: 'level' }));
const { list } = await call('listHistory', { ...person, limit: 200 });
await measure('what it held at a moment', () => call('getValuesAt', { ...person, entry: list.at(-1)?.id ?? 0 }), 5);
await measure('activity, its first page', () => call('listActivity', {}));
await measure('activity of one field', () => call('listActivity', { targetType: 'USER', key: 'level' }), 5);
await measure('activity of one person', () => call('listActivity', { actor: 'nobody' }), 3);
await measure('change one value', () =>
  call('setCustomData', { ...person, list: [{ key: 'level', value: Math.random() }] }),
);

await bench.close();
