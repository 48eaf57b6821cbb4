import type { Value } from '#contract/value';
import type { Person } from './people.ts';

// What the sample people have: a profile, and values of custom fields.

export function profileOf(person: Person, index: number, random: () => number) {
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

export function valuesOf(person: Person, index: number, random: () => number): Record<string, Value> {
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

export function day(year: number, offset: number): string {
  return new Date(Date.UTC(year, 0, 1 + offset)).toISOString();
}
