import type { Sent } from '#contract/endpoints';
import { type TargetType, targetTypes } from '#contract/target';
import { type Pools, pick, type Random } from './inputs.ts';

// The values for the random calls of pairs.test.ts.

/** The existing objects by kind: the ids and names that an input can use for them. */
export type Things = Record<string, string[]>;

export const password = 'correct horse';
export const keys = ['k1', 'k2', 'k3', 'tier', 'pin', 'secret'];
const values = ['v1', 'v2', 'V1', '3', 3, 'gold', 'silver', null];
/** All texts that the tests write, and so all texts that a search can find. */
export const texts = ['v1', 'gold', 'ann', 'Ben', 'one', '四', 'g1', 'nobody bears this'];

/** The names of new objects, by kind. */
export const names: Things = {
  user: ['ann', 'Ann', 'Ben', 'ann@example.com', 'ANN@example.com'],
  group: ['g1', 'g2'],
  role: ['r1', 'r2'],
  namespace: ['s1', 's2'],
  organization: ['o1', 'o2'],
  department: ['d1', 'd2'],
  field: ['n0', 'n1', 'n2', 'n3', 'n4'],
  baseField: ['nickname', 'city'],
  invitation: ['new@example.com', 'two@example.com'],
};

/** The fields of every type. They share keys, so that each call may refer to any of them. */
export function definitions(targetType: TargetType): Sent<'setCustomFields'>['list'] {
  const option = (value: string) => ({ value, label: value });
  return [
    { targetType, key: 'k1', label: 'k1' },
    { targetType, key: 'k2', label: 'k2', isUnique: true },
    { targetType, key: 'k3', label: 'k3', dataType: 'NUMBER' },
    { targetType, key: 'tier', label: 'tier', dataType: 'ENUM', options: [option('gold'), option('silver')] },
    { targetType, key: 'pin', label: 'pin', desensitization: true },
    { targetType, key: 'secret', label: 'secret', encrypted: true, isUnique: true },
  ];
}

/** The pools for random inputs. They have only the given objects, so that two calls meet if these are few. */
export function poolsOf(random: Random, things: Things, tokens: Map<string, string>): Pools {
  const targetType = pick(random, ['USER', 'USER', 'USER', ...targetTypes]) as TargetType;
  return {
    targetType: [targetType],
    tenantId: ['', '', '', ...(things.tenant ?? [])],
    options: [undefined],
    password: [undefined],
    i18n: [undefined],
    ...fieldPools(random, things, targetType),
    ...valuePools(things),
    ...directoryPools(things),
    ...staffPools(things, tokens),
  };
}

function fieldPools(
  random: Random,
  { field = [], trashedField = [], plan = [] }: Things,
  targetType: TargetType,
): Pools {
  const [key = 'k1'] = field;
  const option = (value: string) => ({ value, label: value });
  const changes = [
    [{ targetType, key, isUnique: random() < 0.6 }],
    [{ targetType, key, label: random() < 0.5 ? 'one' : 'two', desensitization: random() < 0.3 }],
    [{ targetType, key: 'tier', options: [option('gold'), option('silver'), option('lead')] }],
    ...(random() < 0.2 ? [[{ targetType, key, encrypted: true }]] : []),
    [{ targetType, key: `n${Math.floor(random() * 5)}`, label: 'new', isUnique: true }],
  ];
  const planned = [
    ...changes,
    [
      {
        targetType,
        key: 'tier',
        options: [option('silver')],
        dispositions: [{ value: 'gold', disposition: 'move', to: 'silver' }],
      },
    ],
    [{ targetType, key: 'tier', options: [option('gold')], dispositions: [{ value: 'silver', disposition: 'clear' }] }],
    [{ targetType, key, dataType: 'STRING', normalise: true }],
  ];
  return {
    'setCustomFields.list': changes,
    'deleteCustomFields.list': field.map((one) => [{ targetType, key: one }]),
    'setUserBaseFields.list': [
      [{ key: 'nickname', label: 'one' }],
      [{ key: 'city', label: 'two', userEditable: true }],
    ],
    'applyPlan.changes': planned,
    'applyPlan.deletions': [undefined, undefined, [{ targetType, key }]],
    'applyPlan.order': [undefined],
    'applyPlan.samples': [undefined],
    'restoreCustomField.targetType': ['USER'],
    'restoreCustomField.key': trashedField,
    'restoreCustomField.trashId': [undefined],
    'restoreCustomField.as': [undefined, 'n1', 'n2'],
    'restoreCustomField.tenantId': [''],
    'undoPlan.planId': plan,
    withoutTaken: [true, false],
  };
}

function valuePools({ field = [], user = [], trashed = [], group = [], role = [], department = [] }: Things): Pools {
  const [key = 'k1'] = field;
  return {
    key: field,
    'customData.key': field,
    value: values,
    'customData.value': values,
    'saveDraft.draft': [null, { builtin: {}, custom: { [key]: { base: null, mine: 'v1' } } }],
    'USER.targetIdentifier': [...user, ...trashed],
    'GROUP.targetIdentifier': group,
    'ROLE.targetIdentifier': role,
    'DEPARTMENT.targetIdentifier': department,
  };
}

const lists = (list: string[] = []) => [...list.map((one) => [one]), list.slice(0, 2)];

function directoryPools({ user = [], group = [], role = [], department = [], ...things }: Things): Pools {
  const moves = [undefined, 'root', ...department];
  return {
    userId: user,
    'deleteUsersBatch.userIds': lists(user),
    userIdType: ['user_id'],
    departmentIdType: ['department_id'],
    departmentIds: [undefined, department.slice(0, 1)],
    leaderUserIds: [undefined, user.slice(0, 1)],
    username: ['ann', 'Ann', 'Ben', null],
    email: ['ann@example.com', 'ANN@example.com', null],
    phone: ['1', '2', null],
    externalId: ['1', '2', null],
    namespace: things.namespace ?? [],
    'createNamespace.code': ['s1', 's2'],
    'updateNamespace.code': things.namespace ?? [],
    'updateNamespace.newCode': [undefined, 's1', 's2'],
    'deleteNamespace.code': things.namespace ?? [],
    'createRole.code': ['r1', 'r2'],
    'updateRole.code': role,
    'updateRole.newCode': [undefined, 'r1', 'r2'],
    'deleteRolesBatch.codeList': lists(role),
    'createGroup.code': ['g1', 'g2'],
    'updateGroup.code': group,
    'updateGroup.newCode': [undefined, 'g1', 'g2'],
    'deleteGroupsBatch.codeList': lists(group),
    'createOrganization.organizationCode': ['o1', 'o2'],
    organizationCode: things.organization ?? [],
    departmentId: department,
    parentDepartmentId: moves,
    'createDepartment.code': [undefined, 'd1', 'd2'],
    'updateDepartment.code': [undefined, 'd1', 'd2'],
  };
}

function staffPools(things: Things, tokens: Map<string, string>): Pools {
  return {
    'inviteStaff.email': ['new@example.com', 'two@example.com'],
    role: ['support', 'administrator', ...(things.staffRole ?? [])],
    'changeStaff.id': things.staff ?? [],
    'signOutStaff.id': things.staff ?? [],
    'resetTotp.id': things.staff ?? [],
    'saveStaffRole.id': [undefined, ...(things.staffRole ?? [])],
    'saveStaffRole.tenants': [null],
    'saveStaffRole.name': ['one', 'two'],
    'deleteStaffRole.id': things.staffRole ?? [],
    'rotateAccessKey.id': things.accessKey ?? [],
    'revokeAccessKey.id': things.accessKey ?? [],
    'revokeInvitation.id': things.invitation ?? [],
    'acceptInvitation.token': (things.invitation ?? []).map((id) => tokens.get(id)),
    'acceptInvitation.password': ['another horse, another battery'],
    'signIn.email': things.email ?? [],
    'signIn.password': [password],
    'signIn.code': [undefined],
    'changePassword.current': [password],
    'changePassword.next': ['another horse, another battery'],
    'stopTotp.password': [password],
    'confirmTotp.password': [password],
    'endSession.id': things.session ?? [],
    'deleteView.id': things.view ?? [],
    'saveView.id': [undefined, ...(things.view ?? [])],
    'saveView.query': [''],
  };
}
