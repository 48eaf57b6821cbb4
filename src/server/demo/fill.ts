import { z } from 'zod';
import { endpoints, type Input } from '#contract/endpoints';
import { fieldPatch } from '#contract/field';
import type { Value } from '#contract/value';
import { rights } from '#contract/wire/endpoint';
import { nameIssue } from '#contract/wire/issue';
import { loadPatternEngine } from '#contract/wire/pattern';
import type { Server, WriteContext } from '../context.ts';
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
import fieldsFile from './fields.json' with { type: 'json' };
import { makePeople, type Person, seeded } from './people.ts';
import { groups, organizations, roles } from './structure.ts';

export const demoPassword = 'fieldbook-demo';
export const demoKey = { id: 'demo-access-key', secret: 'demo-access-key-secret-for-local-use' };
export const demoStaff = [
  { email: 'admin@example.com', name: 'Alex Lin', role: 'administrator' },
  { email: 'support@example.com', name: '佐藤 美咲', role: 'support' },
  { email: 'auditor@example.com', name: '王静', role: 'auditor' },
] as const;

/** Fills an empty database with the sample data in one transaction, through the functions of the API. */
export async function fillDemo(server: Server): Promise<void> {
  await loadPatternEngine();
  for (const account of demoStaff) await addStaff(server, { ...account, password: demoPassword });
  await addAccessKey(server, { name: 'Demo', ...demoKey });
  await server.database.write.transaction().execute(async (db) => {
    const context = contextOf(server, db);
    const random = seeded(4600);
    await defineFields(context);
    await fillRoles(context, random);
    await fillGroups(context, random);
    const departmentIds = await fillOrganizations(context, random);
    await fillUsers(context, random, departmentIds);
    await spoilSome(context);
  });
}

function contextOf(server: Server, db: Trx): WriteContext {
  return {
    ...server,
    db,
    actor: { kind: 'system', id: 'demo', name: 'Sample data', through: 'command', sign: signer(server.secrets) },
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

async function defineFields(context: WriteContext): Promise<void> {
  const patches = z
    .array(fieldPatch)
    .parse(fieldsFile)
    .map((patch) => ({ ...patch, tenantId: '' }));
  const withFormer = patches.map((patch) =>
    patch.key === 'school'
      ? { ...patch, options: [...(patch.options ?? []), { value: 'nju', label: 'Nanjing University' }] }
      : patch,
  );
  await setFields(context, withFormer);
}

async function fillRoles(context: WriteContext, random: () => number): Promise<void> {
  await createNamespace(context, { code: 'finance', name: '財務系統', description: 'Roles of the finance system' });
  const scopes = ['self', 'dept', 'dept_tree', 'all'];
  for (const [index, role] of roles.entries()) {
    await createRole(
      context,
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
      context,
      input('createGroup', { ...group, type: 'static', customData: random() < 0.7 ? { access_review_date: due } : {} }),
    );
  }
}

async function fillOrganizations(context: WriteContext, random: () => number): Promise<string[]> {
  const ids: string[] = [];
  for (const [at, { code, name, tree }] of organizations.entries()) {
    const { departmentId } = await createOrganization(
      context,
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
        context,
        input('createDepartment', { organizationCode: code, name: label, code: slug, parentDepartmentId, customData }),
      );
      above.length = marks.length + 1;
      above.push(made.departmentId);
      ids.push(made.departmentId);
    }
  }
  return ids;
}

async function fillUsers(context: WriteContext, random: () => number, departmentIds: string[]): Promise<void> {
  for (const [index, person] of makePeople(500, random).entries()) {
    const department = departmentIds[Math.floor(random() * departmentIds.length)] ?? '';
    await createUser(
      context,
      input('createUser', {
        ...profileOf(person, index, random),
        departmentIds: [department],
        customData: valuesOf(person, index, random),
      }),
      undefined,
    );
  }
}

function profileOf(person: Person, index: number, random: () => number) {
  const { name, familyName, givenName, locale, country, login, gender } = person;
  return {
    name,
    familyName,
    givenName,
    locale,
    country,
    username: login,
    email: `${login}@example.${country === 'US' ? 'com' : country.toLowerCase()}`,
    phone: phoneOf(country, index),
    phoneCountryCode: { CN: '+86', TW: '+886', JP: '+81', US: '+1' }[country] ?? null,
    gender: random() < 0.09 ? ('U' as const) : gender,
    company:
      { CN: '北风科技（中国）', TW: '北風科技股份有限公司', JP: 'ノースウィンド株式会社', US: 'Northwind' }[country] ??
      null,
    status: random() < 0.94 ? ('Activated' as const) : ('Suspended' as const),
    emailVerified: random() < 0.9,
  };
}

/** Invented mobile numbers in the formats of four countries, all different. */
function phoneOf(country: string, index: number): string {
  const number = 10_000_000 + index * 7_919;
  const forms: Record<string, string> = {
    CN: `138${number}`,
    TW: `09${number}`,
    JP: `090${number}`,
    US: `202555${String(index).padStart(4, '0')}`,
  };
  return forms[country] ?? String(number);
}

function valuesOf(person: Person, index: number, random: () => number): Record<string, Value> {
  const maybe = (share: number, values: Record<string, Value | undefined>) => (random() < share ? values : {});
  const pick = (list: string[], weights: number[]) => {
    const drawn = random();
    const sums = weights.map((_, at) => weights.slice(0, at + 1).reduce((sum, weight) => sum + weight, 0));
    return list[sums.findIndex((sum) => drawn < sum)] ?? list[0];
  };
  const schools = {
    CN: ['pku', 'hust', 'nju'],
    TW: ['ntu', 'pku', 'ntu'],
    JP: ['utokyo', 'utokyo', 'utokyo'],
    US: ['pku', 'utokyo', 'ntu'],
  };
  const own = schools[person.country as keyof typeof schools];
  const values: Record<string, Value | undefined> = {
    employee_no: index === 0 ? '000123' : index === 1 ? 'A0012345' : `A${String(10_000 + index)}`,
    ...maybe(0.92, { school: pick(own, [0.6, 0.35, 0.05]) }),
    ...maybe(0.64, { cost_center: `CC-${100 + Math.floor(random() * 40)}` }),
    ...maybe(0.98, { hire_date: day(2010 + Math.floor(random() * 16), Math.floor(random() * 360)) }),
    ...maybe(0.97, {
      employment_type: pick(
        ['full_time', 'contract', 'dispatched', 'part_time', 'intern'],
        [0.72, 0.1, 0.07, 0.06, 0.05],
      ),
    }),
    ...maybe(0.41, { name_reading: person.reading || undefined }),
    ...maybe(0.66, { id_document_no: documentNo(person.country, index) }),
    ...maybe(0.73, { job_grade: Math.floor(random() * 9) + 1 }),
    ...maybe(0.55, { remote_worker: random() < 0.4 }),
    ...maybe(0.12, {
      vip_expires_at: new Date(
        Date.UTC(2026, Math.floor(random() * 24), 15, Math.floor(random() * 24), 30),
      ).toISOString(),
    }),
    ...maybe(0.8, { marketing_consent: random() < 0.5 }),
    ...awkward[index],
  };
  return Object.fromEntries(Object.entries(values).filter((entry): entry is [string, Value] => entry[1] !== undefined));
}

/** Invented numbers in the formats of four countries, all different. */
function documentNo(country: string, index: number): string {
  const number = String(1_000_000 + index * 7_919);
  const forms: Record<string, string> = {
    CN: `99010119900101${String(index).padStart(3, '0')}X`,
    TW: `Z9${number.padStart(8, '0')}`,
    JP: `TZ${number.padStart(10, '0')}`,
    US: `999-00-${number}`,
  };
  return forms[country] ?? number;
}

/** Values that real pools have and that weak tools break. */
const awkward: Record<number, Record<string, Value>> = {
  3: { name_reading: 'ﾔﾏﾀﾞ ﾀﾛｳ' },
  4: { name_reading: ' ヤマダ　タロウ' },
  5: { name_reading: 'Zhāng Wěi' },
  6: { name_reading: '👩‍💻' },
  7: { name_reading: 'x'.repeat(240), job_grade: 1.5 },
  8: { job_grade: 0 },
  10: { school: 'nju' },
};

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

function day(year: number, offset: number): string {
  return new Date(Date.UTC(year, 0, 1 + offset)).toISOString();
}
