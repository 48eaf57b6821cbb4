import type { TargetReference } from '#contract/target';
import type { Value } from '#contract/value';
import type { Person } from './people.ts';
import { groups, roles } from './structure.ts';

// What a team does to its data in some months: a save changes what belongs together, in the hours of the one who
// saves, often with a reason; a slip is put right within the hour.

const hour = 3_600_000;
const day = 24 * hour;

export interface Employee extends Person {
  index: number;
  /** Empty until they have come. */
  userId: string;
  /** When they came, in milliseconds, and with which values. */
  since: number;
  values: Record<string, Value>;
}

export interface Save {
  at: number;
  /** The address of the account that saves. */
  by: string;
  target: () => TargetReference;
  values: Record<string, Value>;
  reason?: string | undefined;
}

type Occasion = 'transfer' | 'promotion' | 'permanent' | 'remote' | 'consent' | 'reading' | 'slip';

/** Who looks after the people of a country, when their day begins (UTC), and how they give a reason. */
const desks = {
  CN: {
    by: 'limin@example.com',
    from: 1,
    reasons: {
      transfer: '组织调整',
      promotion: '年度晋升',
      permanent: '试用期转正',
      consent: '本人来电要求',
      slip: '更正笔误',
    },
  },
  TW: {
    by: 'yichun@example.com',
    from: 1,
    reasons: {
      transfer: '組織調整',
      promotion: '年度晉升',
      permanent: '試用期滿轉正',
      consent: '本人來電要求',
      slip: '更正誤植',
    },
  },
  JP: {
    by: 'support@example.com',
    from: 0,
    reasons: {
      transfer: '異動に伴う変更',
      promotion: '定期昇格',
      permanent: '正社員登用',
      consent: '本人からの電話による',
      slip: '入力誤りの訂正',
    },
  },
  US: {
    by: 'admin@example.com',
    from: 14,
    reasons: { transfer: 'Moved to another team', promotion: 'Annual review', consent: 'Asked by phone', slip: 'Typo' },
  },
} satisfies Record<string, Desk>;
const deskOf = (country: string): Desk => desks[country as keyof typeof desks] ?? desks.US;
interface Desk {
  by: string;
  from: number;
  reasons: Partial<Record<Occasion, string>>;
}

const costCenter = (random: () => number) => `CC-${100 + Math.floor(random() * 40)}`;

/** What an occasion changes. Undefined if it doesn't apply to this person. */
const occasions: Record<Occasion, (employee: Employee, random: () => number) => Record<string, Value> | undefined> = {
  transfer: ({ values }, random) => ({
    cost_center: costCenter(random),
    ...(random() < 0.4 && { remote_worker: !values.remote_worker }),
  }),
  promotion: ({ values: { job_grade: grade } }, random) =>
    typeof grade === 'number' && grade < 9
      ? { job_grade: grade + 1, ...(random() < 0.3 && { cost_center: costCenter(random) }) }
      : undefined,
  permanent: ({ values: { employment_type: type } }) =>
    type && type !== 'full_time' ? { employment_type: 'full_time', job_grade: 2 } : undefined,
  remote: ({ values }) => ({ remote_worker: !values.remote_worker }),
  consent: ({ values }) => (values.marketing_consent ? { marketing_consent: false } : undefined),
  reading: ({ values, reading }) => (reading && !values.name_reading ? { name_reading: reading } : undefined),
  slip: ({ values: { cost_center: right } }) =>
    typeof right === 'string' ? { cost_center: right.replace('-', '') } : undefined,
};
const often: Occasion[] = [
  'transfer',
  'transfer',
  'promotion',
  'promotion',
  'permanent',
  'remote',
  'consent',
  'reading',
  'slip',
];

/** The saves from `since` until `until`, in order. */
export function savesOf(
  employees: Employee[],
  departmentIds: string[],
  { since, until, count }: { since: number; until: number; count: number },
  random: () => number,
): Save[] {
  const times = Array.from({ length: count }, () => since + random() * (until - since)).sort((a, b) => a - b);
  const now = new Map(employees.map((employee) => [employee, employee.values]));
  const saves = times.flatMap((time): Save[] => {
    // The newer somebody is, the more often something changes.
    const employee = employees[Math.floor((1 - random() ** 2) * employees.length)];
    const occasion = often[Math.floor(random() * often.length)];
    if (!employee || !occasion || time < employee.since + day) return [];
    const was = now.get(employee) ?? {};
    const values = occasions[occasion]({ ...employee, values: was }, random);
    if (!values) return [];
    const { by, from, reasons } = deskOf(employee.country);
    const save: Save = {
      at: atWork(time, from, random),
      by,
      target: () => ({ targetType: 'USER', targetIdentifier: employee.userId }),
      values,
      reason: occasion === 'slip' || random() < 0.2 ? undefined : reasons[occasion],
    };
    if (occasion === 'slip')
      return [
        save,
        { ...save, at: save.at + 0.4 * hour, values: { cost_center: was.cost_center ?? '' }, reason: reasons.slip },
      ];
    now.set(employee, { ...was, ...values });
    return [save];
  });
  return [...saves, ...othersOf(departmentIds, { since, until }, random)]
    .filter(({ at }) => at < until)
    .sort((a, b) => a.at - b.at);
}

/** Roles, groups and departments change less often. */
function othersOf(
  departmentIds: string[],
  { since, until }: { since: number; until: number },
  random: () => number,
): Save[] {
  const some = (
    share: number,
    { by, from }: Desk,
    target: TargetReference,
    valuesAt: (at: number) => Save['values'],
  ) => {
    const at = atWork(since + random() * (until - since), from, random);
    return random() < share ? [{ at, by, target: () => target, values: valuesAt(at) }] : [];
  };
  return [
    ...roles.flatMap(({ code, namespace }) =>
      some(0.4, desks.US, { targetType: 'ROLE', targetIdentifier: code, namespace }, () => ({
        approval_limit: Math.floor(random() * 60) * 1_000,
      })),
    ),
    ...groups.flatMap(({ code }) =>
      some(0.6, desks.JP, { targetType: 'GROUP', targetIdentifier: code }, (at) => ({
        access_review_date: new Date(at + 180 * day).toISOString().slice(0, 10),
      })),
    ),
    ...departmentIds.flatMap((id) =>
      some(0.2, desks.US, { targetType: 'DEPARTMENT', targetIdentifier: id }, () => ({
        is_profit_center: random() < 0.5,
      })),
    ),
  ];
}

/** The same day or the Monday after it, in the eight hours from `from` on. */
function atWork(time: number, from: number, random: () => number): number {
  const midnight = Math.floor(time / day) * day;
  const weekday = new Date(midnight).getUTCDay();
  const shift = weekday === 6 ? 2 : weekday === 0 ? 1 : 0;
  return midnight + shift * day + (from + random() * 8) * hour;
}
