import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { endpoints, type Input } from '#contract/endpoints';
import { fieldPatch } from '#contract/field';
import type { Value } from '#contract/value';
import { rights } from '#contract/wire/endpoint';
import { nameIssue } from '#contract/wire/issue';
import { loadPatternEngine } from '#contract/wire/pattern';
import type { Actor, Server, WriteContext } from '../context.ts';
import type { Trx } from '../database/schema.ts';
import { createDepartment, createOrganization } from '../directory/departments.changes.ts';
import { createGroup } from '../directory/groups.ts';
import { createNamespace } from '../directory/namespaces.ts';
import { createRole } from '../directory/roles.ts';
import { createUser } from '../directory/users.changes.ts';
import { setFields } from '../fields/service.ts';
import { signer } from '../secrets.ts';
import { addAccessKey, addStaff } from '../staff/service.ts';
import { findFields } from '../stores/fields.ts';
import { upsertValues } from '../stores/values.ts';
import { lockNamed } from '../targets.ts';
import { setValues } from '../values/service.ts';
import { setClock } from './clock.ts';
import fieldsFile from './fields.json' with { type: 'json' };
import { type Employee, type Save, savesOf } from './months.ts';
import { makePeople, seeded } from './people.ts';
import { groups, organizations, roles } from './structure.ts';
import { day, profileOf, valuesOf } from './values.ts';

export const demoPassword = 'fieldbook-demo';
export const demoKey = { id: 'demo-access-key', secret: 'demo-access-key-secret-for-local-use' };
export const demoStaff = [
  { email: 'admin@example.com', name: 'Alex Lin', role: 'administrator' },
  { email: 'support@example.com', name: '佐藤 美咲', role: 'support' },
  { email: 'auditor@example.com', name: '王静', role: 'auditor' },
  { email: 'limin@example.com', name: '李敏', role: 'support' },
  { email: 'yichun@example.com', name: '林怡君', role: 'support' },
] as const;

const hour = 3_600_000;
const today = Date.now();
const daysAgo = (days: number) => today - days * 24 * hour;
const imported = daysAgo(284);

/**
 * Fills an empty database with the sample data in one transaction, through the functions of the API: an import nine
 * months ago, and what a team has done since.
 */
export async function fillDemo(server: Server): Promise<void> {
  await loadPatternEngine();
  try {
    setClock(daysAgo(290));
    for (const account of demoStaff) await addStaff(server, { ...account, password: demoPassword });
    await addAccessKey(server, { name: 'HR system', ...demoKey });
    await server.database.write.transaction().execute(async (db) => {
      const random = seeded(4600);
      const authors = await authorsOf(db);
      const admin = contextOf(server, db, authors.get('admin@example.com'));
      const importing = contextOf(server, db, { kind: 'key', id: demoKey.id, name: 'HR system', through: 'api' });
      await defineFields(admin);
      await fillRoles(admin, random);
      await fillGroups(admin, random);
      setClock(imported);
      const departmentIds = await fillOrganizations(importing, random);
      const employees = peopleOf(random);
      const hire = (employee: Employee) => addUser(importing, employee, departmentIds, random);
      const newcomers = employees.filter(({ since }) => since > imported);
      for (const employee of employees.filter(({ since }) => since === imported)) await hire(employee);
      await spoilSome(admin);
      const span = { since: daysAgo(270), until: today - hour, count: 600 };
      const saves = savesOf(employees, departmentIds, span, random);
      const months = [
        ...newcomers.map((employee) => ({ at: employee.since, happens: () => hire(employee) })),
        ...saves.map((saved) => ({
          at: saved.at,
          happens: () => save(contextOf(server, db, authors.get(saved.by)), saved),
        })),
      ].sort((one, other) => one.at - other.at);
      for (const { at, happens } of months) {
        setClock(at);
        await happens();
      }
    });
  } finally {
    setClock();
  }
}

type Author = Omit<Actor, 'sign'>;

/** The people of the team, by their address. */
async function authorsOf(db: Trx): Promise<Map<string, Author>> {
  const team = await db.selectFrom('staff').select(['id', 'name', 'email']).execute();
  return new Map(team.map(({ id, name, email }) => [email, { kind: 'staff', id, name, through: 'console' }]));
}

/** Its history shows all that a call writes as one change. */
const once = (context: WriteContext): WriteContext => ({
  ...context,
  actor: { ...context.actor, requestId: randomUUID() },
});

function contextOf(
  server: Server,
  db: Trx,
  author: Author = { kind: 'system', id: 'demo', name: 'Sample data', through: 'command' },
): WriteContext {
  return {
    ...server,
    db,
    actor: { ...author, sign: signer(server.secrets) },
    rights,
    role: null,
    clear: true,
    asker: '',
    tenants: null,
    viewing: undefined,
    tabAccount: undefined,
    tenantId: '',
    language: 'en-US',
    network: '',
    header: () => undefined,
    answer: { header: () => {}, session: () => {}, device: () => {} },
    agent: '',
    deviceToken: undefined,
    sessionToken: undefined,
  };
}

/** Parses input like a request. */
function input<N extends 'createRole' | 'createGroup' | 'createOrganization' | 'createDepartment' | 'createUser'>(
  name: N,
  sent: z.input<(typeof endpoints)[N]['input']>,
): Input<N> {
  return endpoints[name].input.parse(sent, { error: nameIssue }) as Input<N>;
}

const formerSchool = { value: 'nju', label: 'Nanjing University' };

async function defineFields(context: WriteContext): Promise<void> {
  const patches = z
    .array(fieldPatch)
    .parse(fieldsFile)
    .map((patch) => ({ ...patch, tenantId: '' }));
  const withFormer = patches.map((patch) =>
    patch.key === 'school' ? { ...patch, options: [...(patch.options ?? []), formerSchool] } : patch,
  );
  await setFields(context, withFormer);
}

async function fillRoles(context: WriteContext, random: () => number): Promise<void> {
  await createNamespace(context, { code: 'finance', name: '財務系統', description: 'Roles of the finance system' });
  const scopes = ['self', 'dept', 'dept_tree', 'all'];
  for (const [index, role] of roles.entries()) {
    await createRole(
      once(context),
      input('createRole', {
        ...role,
        customData: {
          data_scope: scopes[index % 4],
          ...(random() < 0.6 && { approval_limit: Math.floor(random() * 50) * 1_000 + 0.5 }),
        },
      }),
    );
  }
}

async function fillGroups(context: WriteContext, random: () => number): Promise<void> {
  for (const group of groups) {
    const due = day(2026, Math.floor(random() * 360));
    await createGroup(
      once(context),
      input('createGroup', { ...group, type: 'static', customData: random() < 0.7 ? { access_review_date: due } : {} }),
    );
  }
}

async function fillOrganizations(context: WriteContext, random: () => number): Promise<string[]> {
  const ids: string[] = [];
  for (const [at, { code, name, tree }] of organizations.entries()) {
    const { departmentId } = await createOrganization(
      once(context),
      input('createOrganization', { organizationCode: code, organizationName: name }),
    );
    const above = [departmentId];
    for (const [index, line] of tree.split('\n').entries()) {
      const [, marks = '', label = '', slug = ''] = /^(>*) ?(.+):(.+)$/.exec(line) ?? [];
      const parentDepartmentId = above[marks.length] ?? departmentId;
      const customData = {
        erp_dept_code: `D${at + 1}${String(index).padStart(3, '0')}`,
        ...(random() < 0.8 && { is_profit_center: random() < 0.4 }),
      };
      const made = await createDepartment(
        once(context),
        input('createDepartment', { organizationCode: code, name: label, code: slug, parentDepartmentId, customData }),
      );
      above.length = marks.length + 1;
      above.push(made.departmentId);
      ids.push(made.departmentId);
    }
  }
  return ids;
}

/** 500 people: most came with the import, the last 60 one after another since. */
function peopleOf(random: () => number): Employee[] {
  return makePeople(500, random).map((person, index) => {
    const since = index < 440 ? imported : daysAgo(275 - (index - 440) * 4.5);
    const values = valuesOf(person, index, random);
    if (since > imported) {
      if (values.hire_date) values.hire_date = new Date(since).toISOString().slice(0, 10);
      // It was removed after the import.
      if (values.school === formerSchool.value) values.school = 'pku';
    }
    return { ...person, index, userId: '', since, values };
  });
}

/** Adds the user of an employee, whose `userId` it sets. */
async function addUser(
  context: WriteContext,
  employee: Employee,
  departmentIds: string[],
  random: () => number,
): Promise<void> {
  const { index, values: customData } = employee;
  const department = departmentIds[Math.floor(random() * departmentIds.length)] ?? '';
  const sent = { ...profileOf(employee, index, random), departmentIds: [department], customData };
  employee.userId = await createUser(once(context), input('createUser', sent), undefined);
}

async function save(context: WriteContext, { target, values, reason }: Save): Promise<void> {
  const list = Object.entries(values).map(([key, value]) => ({ key, value, tenantId: '', path: [] }));
  const said = once({ ...context, actor: { ...context.actor, ...(reason && { reason }) } });
  await setValues(said, await lockNamed(said, target()), list);
}

/** Data of older tools: values that don't fit their type or break a rule, and a removed option. */
async function spoilSome(context: WriteContext): Promise<void> {
  const { db } = context;
  const fields = await findFields(db, '', 'USER');
  const patch = z
    .array(fieldPatch)
    .parse(fieldsFile)
    .find(({ key }) => key === 'school');
  if (patch) await setFields(context, [{ ...patch, tenantId: '' }]);
  const users = await db.selectFrom('users').select('id').orderBy('id').limit(20).execute();
  const spoiled: [number, string, Value][] = [
    [2, 'employee_no', '０００１２３'],
    [11, 'job_grade', '7'],
    [12, 'remote_worker', 'true'],
    [13, 'hire_date', '2024-03-31T15:00:00.000Z'],
    [14, 'hire_date', 1_711_897_200_000],
    [15, 'hire_date', '2024/4/1'],
  ];
  for (const [at, key, value] of spoiled) {
    const stored = fields.find(({ field }) => field.key === key);
    if (stored) await upsertValues(context, [{ stored, targetId: users[at]?.id ?? 0, value }]);
  }
}
