import { sql } from 'kysely';
import { rightsOf } from '#contract/staff';
import { targetTypes } from '#contract/target';
import { fold } from '#contract/wire/fold';
import { verifyActivity } from '../activity/verify.ts';
import type { Server } from '../context.ts';
import type { Db } from '../database/schema.ts';
import { searchColumns } from '../database/search.ts';
import { sealEntries } from '../record/seal.ts';
import { holdersOf, idsBearing } from '../search/search.ts';
import { fieldScope } from '../stores/claims.ts';
import { countHolders, countTargets, findAnyFields } from '../stores/fields.ts';
import { claimKeysOf } from '../stores/unique.ts';
import { openValues } from '../stores/values.ts';
import { unbound } from '../tenancy.ts';

// Invariants of every database, whatever was done to it and in whatever order. Tests with many writes check them.

/** All faults of a database, as sentences. */
export async function faultsOf(server: Server): Promise<string[]> {
  const world = await readWorld(server);
  const faults = await Promise.all([
    claimFaults(server, world),
    valueFaults(server, world),
    orphans(server.database.read),
    treeFaults(world),
    staffFaults(server.database.read),
    countFaults(server.database.read, world),
    unrecorded(server.database.read),
  ]);
  return faults.flat();
}

/** Slow checks: the chain of the audit log is valid, and search finds exactly the targets with these texts. */
export async function deepFaultsOf(server: Server, texts: string[]): Promise<string[]> {
  await sealEntries(server);
  const { faults } = await verifyActivity(server);
  return [...faults, ...(await nameFaults(server)), ...(await searchFaults(server, await readWorld(server), texts))];
}

/** On SQLite, each name has the keys by which it sorts. */
async function nameFaults({ database: { engine, read } }: Server): Promise<string[]> {
  if (engine === 'postgres') return [];
  const faults = await Promise.all(
    Object.keys(searchColumns).map(async (table) => {
      const { rows } = await sql<{
        id: number;
      }>`select t.id from ${sql.table(table)} t left join name_order n on n.id = t.id
        where n.id is null or n.ja_jp is not name_key(t.name, 'ja_jp')`.execute(read);
      return rows.map(({ id }) => `The name of ${table} ${id} has another key.`);
    }),
  );
  return faults.flat();
}

type World = Awaited<ReturnType<typeof readWorld>>;

async function readWorld({ database: { read }, vault }: Server) {
  const [users, roles, groups, departments, values, fieldIds] = await Promise.all([
    read.selectFrom('users').selectAll().execute(),
    read.selectFrom('roles').selectAll().execute(),
    read.selectFrom('groups').selectAll().execute(),
    read.selectFrom('departments').selectAll().execute(),
    read.selectFrom('fieldValues').select(['fieldId', 'targetId', 'value']).execute(),
    read.selectFrom('fields').select(['id', 'tenantId']).execute(),
  ]);
  const rows = { USER: users, ROLE: roles, GROUP: groups, DEPARTMENT: departments };
  const targets = new Map(
    targetTypes.flatMap((type) => rows[type].map(({ id, deletedAt }) => [id, { type, deletedAt }] as const)),
  );
  const fields = await findAnyFields(
    read,
    fieldIds.map(({ id }) => id),
  );
  const held = await openValues({ db: read, vault }, values);
  const ofPool = new Set(fieldIds.filter(({ tenantId }) => tenantId === '').map(({ id }) => id));
  return { users, roles, groups, departments, targets, fields, ofPool, values, held };
}

/** The claims are exactly the names and unique values of targets outside the trash. */
async function claimFaults({ database: { read }, vault }: Server, world: World): Promise<string[]> {
  const isLiving = (id: number) => world.targets.get(id)?.deletedAt === null;
  const wanted = new Map<string, string>();
  const want = (scope: string, key: string | null, targetId: number) => {
    if (!key) return [];
    const name = `${scope} ${key}`;
    const holder = wanted.get(name);
    wanted.set(name, String(targetId));
    return holder === undefined || holder === String(targetId)
      ? []
      : [`${name} is both ${holder}'s and ${targetId}'s.`];
  };
  const faults: string[] = [];
  for (const { id, username, email, phone, externalId } of world.users.filter((row) => isLiving(row.id))) {
    faults.push(
      ...want('user:username', username?.toLowerCase() ?? null, id),
      ...want('user:email', email?.toLowerCase() ?? null, id),
      ...want('user:phone', phone, id),
      ...want('user:externalId', externalId, id),
    );
  }
  for (const { id, code } of world.groups.filter((row) => isLiving(row.id))) faults.push(...want('group', code, id));
  for (const { id, code, namespaceId } of world.roles.filter((row) => isLiving(row.id)))
    faults.push(...want(`role:${namespaceId}`, code, id));
  for (const row of world.departments.filter(({ id }) => isLiving(id))) {
    faults.push(...want(`department:${row.rootId}`, row.code, row.id));
    faults.push(...want(`organization:${row.tenantId}`, row.organizationCode, row.id));
  }
  for (const { fieldId, targetId, value } of world.held) {
    const stored = world.fields.get(fieldId);
    if (!stored?.field.isUnique || stored.deletedAt !== null || !isLiving(targetId)) continue;
    for (const key of await claimKeysOf({ db: read, vault }, stored, value))
      faults.push(...want(fieldScope(fieldId), key, targetId));
  }
  const claims = await read.selectFrom('claims').selectAll().execute();
  const present = new Map(claims.map(({ scope, key, targetId }) => [`${scope} ${key}`, String(targetId)]));
  for (const [name, holder] of wanted)
    if (present.get(name) !== holder) faults.push(`${name} is ${holder}'s, and claimed by ${present.get(name)}.`);
  for (const [name, holder] of present)
    if (!wanted.has(name)) faults.push(`${name} is claimed by ${holder}, who doesn't live with it.`);
  return faults;
}

/** Every value has its history: old and new values form one sequence that ends with the current value. */
async function valueFaults({ database: { read }, vault }: Server, world: World): Promise<string[]> {
  const rows = await read
    .selectFrom('history')
    .select(['id', 'fieldId', 'targetId', 'before', 'after'])
    .where('kind', '=', 'value')
    .orderBy('id')
    .execute();
  const open = (side: 'before' | 'after') =>
    vault.open(
      read,
      rows.map((row) => ({ fieldId: row.fieldId ?? 0, targetId: row.targetId ?? 0, text: row[side] ?? 'null' })),
    );
  const [before, after] = await Promise.all([open('before'), open('after')]);
  const plain = (text: string | null | undefined) => JSON.stringify(JSON.parse(text ?? 'null'));
  const last = new Map<string, string>();
  const faults: string[] = [];
  for (const [at, { id, fieldId, targetId }] of rows.entries()) {
    const place = `${fieldId} of ${targetId}`;
    const was = last.get(place) ?? 'null';
    if (plain(before[at]) !== was) faults.push(`History ${id}: ${place} was ${was}, and it says ${before[at]}.`);
    last.set(place, plain(after[at]));
  }
  const held = new Map(world.held.map((row) => [`${row.fieldId} of ${row.targetId}`, JSON.stringify(row.value)]));
  for (const place of new Set([...last.keys(), ...held.keys()])) {
    const [is = 'null', says = 'null'] = [held.get(place), last.get(place)];
    if (is !== says) faults.push(`${place} is ${is}, and its history ends at ${says}.`);
  }
  for (const { fieldId, targetId } of world.values) {
    const [field, target] = [world.fields.get(fieldId), world.targets.get(targetId)];
    if (!field || !target) faults.push(`A value of field ${fieldId} and target ${targetId} is nobody's.`);
    else if (field.field.targetType !== target.type) faults.push(`Target ${targetId} holds another type's field.`);
  }
  return faults;
}

/** Rows that refer to something that doesn't exist. */
async function orphans(read: Db): Promise<string[]> {
  const questions = {
    'an erased person’s value': sql`select target_id as id from field_values where target_id not in (select target_id from history where kind = 'target' and target_id is not null)`,
    'an erased person’s key': sql`select target_id as id from target_keys where target_id not in (select target_id from history where kind = 'target' and target_id is not null)`,
    'an erased person’s draft': sql`select target_id as id from drafts where target_id not in (select target_id from history where kind = 'target' and target_id is not null)`,
    'a role without a namespace': sql`select id from roles where deleted_at is null and namespace_id not in (select id from namespaces where deleted_at is null)`,
    'a department without what is above it': sql`select id from departments where deleted_at is null and parent_id is not null and parent_id not in (select id from departments where deleted_at is null)`,
    'a member of no department': sql`select user_id as id from department_members where department_id not in (select id from departments)`,
    'a member who isn’t there': sql`select user_id as id from department_members where user_id not in (select id from users)`,
    'an option of no field': sql`select field_id as id from field_options where field_id not in (select id from fields)`,
    'a session of nobody': sql`select staff_id as id from sessions where staff_id not in (select id from staff where disabled_at is null)`,
    'a recovery code of nobody': sql`select staff_id as id from recovery_codes where staff_id not in (select id from staff where totp_secret is not null)`,
    'an account without a role': sql`select id from staff where role not in ('administrator', 'support', 'auditor') and role not in (select id from staff_roles)`,
    'a view of nobody': sql`select id from views where staff_id not in (select id from staff)`,
  };
  const answers = await Promise.all(
    Object.entries(questions).map(async ([what, question]) => {
      const { rows } = await question.execute(read);
      return rows.map((row) => `There is ${what}: ${JSON.stringify(row)}.`);
    }),
  );
  return answers.flat();
}

/** The parents of a department lead to the root that it names. */
function treeFaults({ departments }: World): string[] {
  const rows = new Map(departments.map((row) => [row.id, row]));
  return departments.flatMap(({ id, rootId }) => {
    const passed = new Set<number>();
    let at = rows.get(id);
    while (at?.parentId && !passed.has(at.id)) {
      passed.add(at.id);
      at = rows.get(at.parentId);
    }
    return at?.id === rootId ? [] : [`Department ${id} comes to ${at?.id}, not to its root ${rootId}.`];
  });
}

/** Somebody can always manage the team. Names of roles and open invitations are unique. */
async function staffFaults(read: Db): Promise<string[]> {
  const roles = await read.selectFrom('staffRoles').selectAll().execute();
  const staff = await read.selectFrom('staff').select('role').where('disabledAt', 'is', null).execute();
  const invitations = await read.selectFrom('invitations').select('email').execute();
  const faults: string[] = [];
  if (!staff.some(({ role }) => role === 'administrator')) faults.push('There is no administrator.');
  if (!rightsOf.administrator.includes('staff')) faults.push('Administrators can’t manage staff.');
  for (const [what, names] of [
    ['role of staff', roles.map(({ name }) => name)],
    ['open invitation', invitations.map(({ email }) => email)],
  ] as const)
    if (new Set(names).size < names.length) faults.push(`A ${what} is there twice: ${names.join(', ')}.`);
  return faults;
}

/** Counts equal the actual numbers. */
async function countFaults(read: Db, world: World): Promise<string[]> {
  const faults: string[] = [];
  for (const type of targetTypes) {
    const ids = new Set([...world.targets].flatMap(([id, row]) => (row.type === type && !row.deletedAt ? [id] : [])));
    const targets = Number(await countTargets({ db: read, ...unbound }, type));
    if (targets !== ids.size) faults.push(`${targets} targets of ${type} are counted, and there are ${ids.size}.`);
    const counted = await countHolders({ db: read, ...unbound }, '', type);
    for (const [id, { field, deletedAt }] of world.fields) {
      if (deletedAt !== null || field.targetType !== type || !world.ofPool.has(id)) continue;
      const holders = world.values.filter((row) => row.fieldId === id && ids.has(row.targetId)).length;
      if (Number(counted.get(field.key) ?? 0) !== holders)
        faults.push(`${counted.get(field.key)} holders of ${field.key} are counted, and there are ${holders}.`);
    }
  }
  return faults;
}

/** Each history entry has an audit log entry. Entries of a plan may share one. */
async function unrecorded(read: Db): Promise<string[]> {
  const rows = await read
    .selectFrom('history')
    .select('id')
    .where('planId', 'is', null)
    .where('id', 'not in', (query) =>
      query
        .selectFrom('activity')
        .select('historyId')
        .where('historyId', 'is not', null)
        .$castTo<{ historyId: number }>(),
    )
    .execute();
  return rows.map(({ id }) => `History ${id} isn't in the activity.`);
}

/** The search index matches the texts: it finds exactly the targets with a text. */
async function searchFaults({ database: { read } }: Server, world: World, texts: string[]): Promise<string[]> {
  const faults: string[] = [];
  const tables = { users: world.users, roles: world.roles, groups: world.groups, departments: world.departments };
  const whole = ['userId', 'externalId', 'departmentId', 'organizationCode'];
  const bears = (row: object, columns: readonly string[], text: string) =>
    Object.entries(row).some(
      ([key, value]) =>
        (whole.includes(key) && value === text) ||
        (columns.includes(key.replace(/[A-Z]/g, (sign) => `_${sign.toLowerCase()}`)) &&
          typeof value === 'string' &&
          fold(value).includes(fold(text))),
    );
  const ids = async (query: ReturnType<typeof idsBearing>) => {
    const { rows } = await sql<Record<string, number>>`${query}`.execute(read);
    return new Set(rows.flatMap((row) => Object.values(row)));
  };
  const compare = (what: string, found: Set<number>, wanted: number[]) => {
    for (const id of wanted) if (!found.has(id)) faults.push(`${what} doesn't find ${id}.`);
    for (const id of found) if (!wanted.includes(id)) faults.push(`${what} finds ${id}, who doesn't bear it.`);
  };
  for (const text of texts) {
    const wanted = Object.entries(tables).flatMap(([table, rows]) =>
      rows.filter((row) => bears(row, searchColumns[table as keyof typeof tables], text)).map(({ id }) => id),
    );
    compare(`Searching ${text}`, await ids(idsBearing(read, text, true)), wanted);
    for (const [fieldId, { field }] of world.fields) {
      if (field.encrypted) continue;
      const holders = world.held.filter(
        ({ fieldId: id, value }) => id === fieldId && typeof value === 'string' && fold(value).includes(fold(text)),
      );
      compare(
        `Searching ${text} in ${field.key}`,
        await ids(holdersOf(read, fieldId, text)),
        holders.map(({ targetId }) => targetId),
      );
    }
  }
  return faults;
}
