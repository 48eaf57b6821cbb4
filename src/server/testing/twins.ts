import type { Sent } from '#contract/endpoints';
import { type TargetType, targetTypes } from '#contract/target';
import { type Call, testApp } from './app.ts';
import { foreignDepartments, must } from './foreign.ts';
import type { Pools } from './inputs.ts';
import type { Principal } from './principals.ts';

// Two pools for interference.test.ts. They differ only in values that a principal may not see.

interface Trait {
  key: string;
  dataType?: 'NUMBER' | 'BOOLEAN' | 'ENUM';
  isHidden?: boolean;
  desensitization?: boolean;
  encrypted?: boolean;
  isUnique?: boolean;
  validateRules?: Sent<'setCustomFields'>['list'][number]['validateRules'];
}
const traits: Trait[] = [
  { key: 'open' },
  { key: 'openUnique', isUnique: true },
  { key: 'openChoice', dataType: 'ENUM' },
  { key: 'hidden', isHidden: true },
  { key: 'hiddenUnique', isHidden: true, isUnique: true },
  { key: 'masked', desensitization: true },
  { key: 'maskedUnique', desensitization: true, isUnique: true },
  { key: 'maskedNumber', desensitization: true, dataType: 'NUMBER' },
  { key: 'maskedChoice', desensitization: true, dataType: 'ENUM' },
  { key: 'sealed', encrypted: true },
  { key: 'sealedUnique', encrypted: true, isUnique: true },
  { key: 'sealedYes', encrypted: true, dataType: 'BOOLEAN' },
];

/** Whether a principal may see the values of a field. Values that it may not see differ between the worlds. */
const maySee = ({ rights, isKey, isBound }: Principal, { isHidden, desensitization, encrypted }: Trait) =>
  rights.includes('read') && !isBound && !desensitization && (isKey || (!isHidden && !encrypted));

/**
 * Whether a principal may know who has a value of a field. Those who see the activity know how many entries others left
 * (SECURITY.md, Limitations), so both worlds have as many.
 */
const mayKnowHolders = ({ rights, isKey, isBound }: Principal, { isHidden }: Trait) =>
  rights.includes('activity') || (rights.includes('read') && !isBound && !(isHidden && !isKey));

/** The value of one of three targets of a type, in the first or second world. All texts have the same length. */
function heldIn({ dataType, key }: Trait, world: 0 | 1, target: number) {
  if (dataType === 'NUMBER') return [11, 22, 33, 44][target + world];
  if (dataType === 'BOOLEAN') return (target + world) % 2 === 0;
  if (dataType === 'ENUM') return ['a', 'b', 'c', 'd'][target + world];
  return `${['amber', 'birch', 'cedar', 'delta'][target + world]} ${key.includes('Unique') ? '' : 'too'}`.trim();
}

export interface World {
  api: Awaited<ReturnType<typeof testApp>>;
  /** The headers of the principal's calls. */
  headers: Record<string, string>;
  /** The headers of a caller who sees everything. */
  admin: Record<string, string>;
  pools: Pools;
}

/** Everything except values, the same in both worlds: fields, targets, tenants and the principal. */
async function build(api: World['api'], principal: Principal) {
  const { call } = api;
  const admin = await api.staffWith('administrator');
  const { tenantId: north } = await must(call('createTenant', { name: 'North' }));
  const { tenantId: south } = await must(call('createTenant', { name: 'South' }));
  const rights = [...principal.rights];
  const tenants = principal.isBound ? [north] : null;
  const { id: role } = await must(admin('saveStaffRole', { name: 'Principal', rights, tenants }));
  const { id: spare } = await must(admin('saveStaffRole', { name: 'Spare', rights: ['read'], tenants: null }));
  const fieldsOf = (targetType: TargetType, prefix = '') =>
    traits.map(({ isHidden, key, ...trait }) => ({
      ...trait,
      targetType,
      key: prefix + key,
      ...(isHidden && {
        access: { [role]: 'hidden' as const, support: 'hidden' as const, auditor: 'hidden' as const },
      }),
      ...(trait.dataType === 'ENUM' && { options: ['a', 'b', 'c', 'd'].map((value) => ({ value, label: value })) }),
    }));
  for (const targetType of targetTypes) await must(call('setCustomFields', { list: fieldsOf(targetType) }));
  const ofTenants = [...fieldsOf('USER', 't_').slice(0, 2), ...fieldsOf('DEPARTMENT', 't_').slice(0, 2)];
  for (const tenantId of [north, south]) await must(call('setCustomFields', { tenantId, list: ofTenants }));
  const ids = await targets(call, principal.isBound ? north : undefined);
  const headers = await headersOf(api, principal, role);
  return {
    headers,
    admin: await api.staffHeaders('administrator'),
    tenants: { north, south },
    ids,
    pools: poolsOf({ north, south, role, spare, ids, principal }),
  };
}

/** Another value than a target has in a world. */
function formerOf(trait: Trait, principal: Principal, { world, at }: { world: 0 | 1; at: number }) {
  const value = heldIn(trait, maySee(principal, trait) ? 0 : world, at);
  if (typeof value === 'number') return value + 100;
  if (typeof value === 'boolean') return !value;
  return trait.dataType === 'ENUM' ? (value === 'a' ? 'b' : 'a') : `${value} once`;
}

/** Gives every target its values. They differ between the worlds if the principal may not see them. */
async function fill(
  { call }: World['api'],
  principal: Principal,
  world: 0 | 1,
  made: Awaited<ReturnType<typeof build>>,
) {
  const { ids, tenants } = made;
  const foreign = principal.isBound ? await foreignDepartments(call, tenants, world) : [];
  for (const targetType of targetTypes) {
    for (const [at, targetIdentifier] of ids[targetType].entries()) {
      const held = (trait: Trait) => {
        // Of what it may not know the holders of, one target has no value in the second world. A unique one that is set is a guess.
        if (world && at === 1 && !trait.isUnique && !mayKnowHolders(principal, trait)) return null;
        return heldIn(trait, maySee(principal, trait) ? 0 : world, at) ?? null;
      };
      const list = traits.map((trait) => ({ key: trait.key, value: held(trait) }));
      // Replaced values are in the history, so they differ there too, and both worlds have as many entries.
      const once = traits.map((trait) => ({ key: trait.key, value: formerOf(trait, principal, { world, at }) }));
      await must(call('setCustomData', { targetType, targetIdentifier, list: once }));
      await must(call('setCustomData', { targetType, targetIdentifier, list }));
      if (targetType !== 'USER') continue;
      for (const tenantId of [tenants.north, tenants.south]) {
        const differs = !principal.rights.includes('read') || (principal.isBound && tenantId === tenants.south);
        const value = heldIn({ key: 'open' }, differs ? world : 0, at) ?? null;
        await must(call('setCustomData', { targetType, targetIdentifier, tenantId, list: [{ key: 't_open', value }] }));
      }
    }
  }
  return foreign;
}

/** Three targets of each type. */
async function targets(call: Call, tenantId?: string): Promise<Record<TargetType, string[]>> {
  const ids: Record<TargetType, string[]> = { USER: [], ROLE: [], GROUP: [], DEPARTMENT: [] };
  await must(call('createOrganization', { organizationCode: 'o', organizationName: 'O', tenantId }));
  await must(call('createNamespace', { code: 'ns', name: 'NS' }));
  for (const name of ['ada', 'ben', 'cy']) {
    ids.USER.push((await must(call('createUser', { username: name }))).userId);
    ids.ROLE.push((await must(call('createRole', { code: `r-${name}`, name }))).code);
    ids.GROUP.push((await must(call('createGroup', { code: `g-${name}`, name }))).code);
    const department = { organizationCode: 'o', parentDepartmentId: 'root', name, code: name, tenantId };
    ids.DEPARTMENT.push((await must(call('createDepartment', department))).departmentId);
  }
  return ids;
}

async function headersOf(api: World['api'], principal: Principal, role: string): Promise<Record<string, string>> {
  if (principal.isKey) return api.keyHeaders(principal.rights);
  const ready = principal.name === 'support' || principal.name === 'auditor' ? principal.name : role;
  const headers = await api.staffHeaders(principal.viewsAs ? 'administrator' : ready);
  return { ...headers, ...(principal.viewsAs && { 'x-fieldbook-view-as': 'support' }) };
}

function poolsOf({
  north,
  south,
  role,
  spare,
  ids,
  principal,
}: {
  north: string;
  south: string;
  role: string;
  spare: string;
  ids: Record<TargetType, string[]>;
  principal: Principal;
}): Pools {
  const keys = [...traits.map(({ key }) => key), ...traits.slice(0, 2).map(({ key }) => `t_${key}`), 'absent'];
  const texts = [0, 1, 2, 3].flatMap((at) => [heldIn({ key: 'x' }, 0, at), heldIn({ key: 'Unique' }, 0, at)]);
  const value = [
    ...texts,
    ...texts,
    'amber',
    'a',
    'b',
    'c',
    'd',
    11,
    22,
    true,
    false,
    null,
    'new',
    '',
    {},
    'x'.repeat(300),
  ];
  const numbers = Array.from({ length: 40 }, (_, at) => at * 9);
  const named = Object.fromEntries(targetTypes.map((type) => [`${type}.targetIdentifier`, ids[type]]));
  const rules = [
    { type: 'length', content: '..5', error: 'Long' },
    { type: 'regExp', content: '^a', error: 'Other' },
    { type: 'range', content: '10..25', error: 'Far' },
    { type: 'UNIQUE', content: '', error: '' },
    { type: 'maxLength', content: '4', error: 'Long' },
  ];
  const optionSets = ['abcd', 'abc', 'ab', 'a'].map((set) => [...set].map((one) => ({ value: one, label: one })));
  return {
    ...named,
    targetType: ['USER', 'USER', 'USER', 'ROLE', 'GROUP', 'DEPARTMENT'],
    userId: ids.USER,
    departmentId: [...ids.DEPARTMENT, 'root'],
    parentDepartmentId: [...ids.DEPARTMENT, 'root'],
    organizationCode: principal.isBound ? ['o', 'o', 'f'] : ['o'],
    departmentCode: ['ada', 'ben', 'cy'],
    departmentIdType: ['department_id'],
    userIdType: ['user_id'],
    namespace: ['default', 'ns'],
    ...Object.fromEntries(['getGroup', 'updateGroup', 'deleteGroupsBatch'].map((name) => [`${name}.code`, ids.GROUP])),
    ...Object.fromEntries(['getRole', 'updateRole', 'deleteRolesBatch'].map((name) => [`${name}.code`, ids.ROLE])),
    'deleteGroupsBatch.codeList': ids.GROUP.map((code) => [code]),
    'deleteRolesBatch.codeList': ids.ROLE.map((code) => [code]),
    newCode: ['renamed'],
    tenantId: principal.isBound
      ? [north, north, north, south, undefined]
      : [undefined, undefined, undefined, north, south],
    key: keys,
    'customData.key': keys,
    'custom.key': keys,
    'builtin.key': ['name', 'username'],
    'access.key': [role, spare, 'support', 'administrator'],
    field: [...keys, 'name', 'username', 'createdAt'],
    column: keys,
    fuzzySearchOn: [undefined],
    keywords: texts,
    value,
    base: value,
    mine: value,
    query: keys.map((key) => `filter=${encodeURIComponent(JSON.stringify([key, 'EQUAL', 'amber']))}`),
    options: optionSets,
    'listUsers.options': [undefined, { withCustomData: true }, { withCustomData: true, flatCustomData: true }],
    'deleteUsersBatch.options': [undefined],
    withCustomData: [true],
    validateRules: [[], ...rules.map((rule) => [rule])],
    appIds: [[]],
    reason: ['Asked by the caller'],
    dataType: ['STRING', 'STRING', 'ENUM', 'NUMBER'],
    entry: numbers,
    before: numbers,
    from: ['2020-01-01'],
    to: ['2099-01-01'],
    actor: ['a', undefined],
    whose: ['ada', ids.USER[0], undefined],
    role: [role, spare, 'support', 'auditor'],
    id: [role, spare],
    rights: [['read'], ['read', 'write'], ['define']],
    tenants: [null, [north]],
    password: [undefined],
    create: [undefined],
    version: [undefined],
    i18n: [undefined],
  };
}

/** Two databases for copying, so that each program starts with its own worlds. */
export async function keepWorlds(principal: Principal, requireReason: boolean) {
  const first = await testApp({ requireReason }, { isCopied: true });
  const made = await build(first, principal);
  const removals = [await first.stop()];
  const kept: { copyOf: string; foreign: string[] }[] = [];
  for (const world of [0, 1] as const) {
    const api = await testApp({ requireReason }, { copyOf: first.server.config.databaseUrl });
    const foreign = await fill(api, principal, world, made);
    removals.push(await api.stop());
    kept.push({ copyOf: api.server.config.databaseUrl, foreign });
  }
  /** New copies of both. */
  const open = (): Promise<World[]> =>
    Promise.all(
      kept.map(async ({ copyOf, foreign }) => {
        const api = await testApp({ requireReason }, { copyOf });
        const departmentId = [...(made.pools.departmentId ?? []), ...foreign];
        const pools = {
          ...made.pools,
          departmentId,
          'DEPARTMENT.targetIdentifier': [...made.ids.DEPARTMENT, ...foreign],
        };
        return { api, headers: made.headers, admin: made.admin, pools };
      }),
    );
  const remove = async () => {
    for (const gone of removals) await gone();
  };
  return { open, remove };
}
