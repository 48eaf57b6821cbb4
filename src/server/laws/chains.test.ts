import { describe, expect, it } from 'vitest';
import type { EndpointName, Sent } from '#contract/endpoints';
import { keyScopes } from '#contract/key';
import type { Right } from '#contract/wire/endpoint';
import { powerOfKey } from '../access/power.ts';
import { findRole } from '../access/roles.ts';
import { type Call, testApp } from '../testing/app.ts';
import { inputFor, type Pools, pick, type Random, randomFrom } from '../testing/inputs.ts';

// No chain of gifts ends with more power than it began with. The test runs random chains of up to six calls over all
// endpoints that give something. Each new key, account and role continues the chain. The answers decide what a chain
// gained.

const isLong = process.env.FIELDBOOK_TORTURE === '1';
const chains = isLong ? 3_000 : 60;
const seed = Number(process.env.FIELDBOOK_SEED ?? (isLong ? Date.now() : 5));
const password = 'correct horse battery staple';
/** A protected value, or its mask. Four digits alone can occur in any id. */
const held = /13800134711|•4711/;

const starts: Right[][] = [
  ['staff'],
  ['staff', 'read'],
  ['staff', 'define'],
  ['staff', 'read', 'define'],
  ['staff', 'read', 'write', 'define', 'directory', 'activity', 'export'],
];

/** All endpoints that give, take or open something. An invitation includes its acceptance. */
const giving = [
  'createAccessKey',
  'rotateAccessKey',
  'saveStaffRole',
  'inviteStaff',
  'changeStaff',
  'deleteStaffRole',
  'setCustomFields',
  'deleteCustomFields',
  'restoreCustomField',
  'applyPlan',
  'undoPlan',
] as const satisfies EndpointName[];

let api: Awaited<ReturnType<typeof testApp>>;
let admin: Call;
/** No principal of a chain may reveal values. This friend of theirs may, but doesn't see the fields. */
let friend: { role: string; call: Call };
/** Chains per database. Each chain makes its own fields, and their number is limited. */
const batch = 60;

async function makeFriend(): Promise<typeof friend> {
  const rights: Right[] = ['read', 'reveal'];
  const { id } = (await admin('saveStaffRole', { name: 'Friend', rights, tenants: null })).data;
  return { role: id, call: await api.staffWith(id) };
}

/** Makes the data of one chain: fields that its principal doesn't see or sees masked, and a user with values. */
async function build(at: number, rights: Right[]) {
  const { id: role } = (await admin('saveStaffRole', { name: `Start ${at}`, rights, tenants: null })).data;
  const { id: strong } = (await admin('saveStaffRole', { name: `Strong ${at}`, rights: ['read'], tenants: null })).data;
  const field = (name: string, { access = {}, ...more }: { access?: object; [property: string]: unknown } = {}) => ({
    targetType: 'USER' as const,
    key: `${name}_${at}`,
    access: { ...access, [friend.role]: 'hidden' },
    ...more,
  });
  const fields = [
    field('hid', { access: { [role]: 'hidden' } }),
    field('msk', { desensitization: true }),
    field('enc', { encrypted: true }),
    field('both', { desensitization: true, encrypted: true, access: { [role]: 'hidden' } }),
  ];
  const made = await admin('setCustomFields', { list: fields as Sent<'setCustomFields'>['list'] });
  expect(made.statusCode).toBe(200);
  const keys = fields.map(({ key }) => key);
  const customData = Object.fromEntries(keys.map((key) => [key, '13800134711']));
  const { userId } = (await api.call('createUser', { username: `u${at}`, customData })).data;
  const spareKey = (await admin('createAccessKey', { name: `Spare ${at}`, scopes: [...keyScopes] })).data;
  return { role, strong, keys, userId, spareKey };
}

const poolsFor = (made: Awaited<ReturnType<typeof build>>, at: number): Pools => ({
  targetType: ['USER'],
  tenantId: [undefined],
  key: made.keys,
  'access.key': [made.role, made.strong, friend.role, 'support'],
  mask: ['ALL', 'PHONE', 'ID_NUMBER'],
  access: [{}, undefined, { [made.strong]: 'read' }, { [made.role]: 'read' }, { [friend.role]: 'read' }],
  dataType: [undefined],
  options: [undefined],
  isUnique: [undefined],
  encrypted: [undefined, false],
  validateRules: [undefined],
  i18n: [undefined],
  appIds: [undefined],
  version: [undefined],
  create: [undefined],
  dispositions: [undefined],
  normalise: [undefined],
  precision: [undefined],
  order: [undefined],
  samples: [undefined],
  deletions: [undefined, undefined, made.keys.slice(0, 1).map((key) => ({ targetType: 'USER', key }))],
  trashId: [undefined],
  as: [undefined, `as_${at}`],
  role: [made.role, made.strong, 'support', 'auditor', 'administrator', undefined],
  'inviteStaff.role': [made.role, made.strong, 'support', 'auditor', 'administrator'],
  'saveStaffRole.id': [undefined, undefined, made.strong],
  'saveStaffRole.name': [`New ${at} a`, `New ${at} b`],
  tenants: [null],
  right: ['read', 'write', 'define', 'reveal', 'staff', 'directory'],
  scope: [...keyScopes],
  id: [made.spareKey.id, made.strong],
  isDisabled: [undefined],
  email: [`n${at}a@example.com`, `n${at}b@example.com`],
  planId: ['none'],
});

interface Principal {
  call: Call;
  rights: readonly Right[];
}

/** The new principals that a call created. */
async function gained(name: EndpointName, answer: { data?: unknown }, input: object): Promise<Principal[]> {
  const data = (answer.data ?? {}) as Record<string, string>;
  const { id, secret, token } = data;
  const { read } = api.server.database;
  if ((name === 'createAccessKey' || name === 'rotateAccessKey') && id && secret) {
    const key = await read.selectFrom('accessKeys').selectAll().where('id', '=', id).executeTakeFirstOrThrow();
    const power = await powerOfKey(read, key);
    return power ? [{ call: await api.keyCall({ id, secret }), rights: power.rights }] : [];
  }
  if (name === 'inviteStaff' && token) {
    const answered = await api.ask('acceptInvitation', { token, name: 'New', password }, {});
    const cookie = answered.cookies.map((one) => `${one.name}=${one.value}`).join('; ');
    const role = await findRole(read, (input as { role: string }).role);
    return [{ call: api.callAs({ cookie, 'sec-fetch-site': 'same-origin' }), rights: role?.rights ?? [] }];
  }
  return [];
}

async function runChain(at: number) {
  const random = randomFrom(seed * 7_919 + at);
  const rights = starts[at % starts.length] ?? ['staff'];
  const made = await build(at, rights);
  const pools = poolsFor(made, at);
  const people: Principal[] = [{ call: await api.staffWith(made.role), rights }];
  const done: string[] = [];
  for (let step = 0; step < 6; step += 1) {
    const by = pick(random, people);
    const name = pick(random, giving);
    if (!by || !name) continue;
    const input = await inputOf(name, random, pools, by);
    const answer = await by.call(name, input as never);
    done.push(`${name} ${JSON.stringify(input)} → ${answer.statusCode}`);
    const { planId, id } = (answer.data ?? {}) as Record<string, string>;
    if (planId) pools.planId = [planId];
    if (name === 'saveStaffRole' && id) pools['inviteStaff.role'] = [...(pools['inviteStaff.role'] ?? []), id, id];
    people.push(...(await gained(name, answer, input)));
  }
  const found: string[] = [];
  for (const one of people) {
    const beyond = one.rights.filter((right) => !rights.includes(right));
    if (beyond.length) found.push(`has ${beyond}`);
    for (const targetIdentifier of [made.userId]) {
      const answer = await one.call('getCustomData', { targetType: 'USER', targetIdentifier });
      if (held.test(JSON.stringify(answer))) found.push(`sees ${JSON.stringify(answer.data)}`);
    }
    const { list = [] } =
      (await one.call('listHistory', { targetType: 'USER', targetIdentifier: made.userId })).data ?? {};
    if (held.test(JSON.stringify(list))) found.push('sees history');
  }
  for (const key of made.keys) {
    const place = { targetType: 'USER' as const, targetIdentifier: made.userId, key, reason: 'To look' };
    if (held.test(JSON.stringify(await friend.call('revealValue', place)))) found.push(`a friend sees ${key}`);
  }
  return found.length ? [{ at, rights, done, found }] : [];
}

/** A plan must exist before it can be applied. */
async function inputOf(name: (typeof giving)[number], random: Random, pools: Pools, { call }: Principal) {
  const input = inputFor(name, random, pools) as Record<string, unknown>;
  if (name !== 'applyPlan') return input;
  const { token: _, ...request } = input;
  const plan = (await call('planFields', request as Sent<'planFields'>)).data;
  return { ...request, token: plan?.token ?? 'none' };
}

describe('a chain of gifts', () => {
  it(
    'gives nobody more than it began with, in any chain of six calls',
    async () => {
      const found = [];
      for (let first = 0; first < chains; first += batch) {
        api = await testApp();
        admin = await api.staffWith('administrator');
        friend = await makeFriend();
        for (let at = first; at < first + batch; at += 1) found.push(...(await runChain(at)));
        await api.close();
      }
      expect(found).toEqual([]);
    },
    isLong ? 7_200_000 : 180_000,
  );
});
