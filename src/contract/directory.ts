import { z } from 'zod';
import { translations } from './translation.ts';
import { issue } from './wire/issue.ts';
import { flag, identifier, storable, word } from './wire/scalars.ts';

const text = storable.max(1_024).nullable();
const code = storable.min(1).max(128);
const name = storable.min(1).max(256);
const description = storable.max(1_024).nullish();
const date = z.string().nullable();
export const customData = z.record(z.string(), z.unknown());

export const userStatuses = ['Suspended', 'Resigned', 'Activated', 'Archived', 'Deactivated'] as const;
export const genders = ['M', 'F', 'U'] as const;

/** The properties of a user that a caller can write, apart from custom fields. */
export const userProfile = {
  username: text,
  email: text,
  phone: text,
  phoneCountryCode: text,
  externalId: text,
  name: text,
  nickname: text,
  photo: text,
  gender: word(genders),
  birthdate: text,
  country: text,
  province: text,
  city: text,
  region: text,
  address: text,
  streetAddress: text,
  postalCode: text,
  formatted: text,
  company: text,
  givenName: text,
  familyName: text,
  middleName: text,
  profile: text,
  preferredUsername: text,
  website: text,
  zoneinfo: text,
  locale: text,
  identityNumber: text,
  device: text,
  browser: text,
  status: word(userStatuses),
  emailVerified: flag,
  phoneVerified: flag,
};
/** The properties used to find a user. An index holds at most this length. */
const indexed = storable.max(512).nullable();
export const userPatch = z
  .object({ ...userProfile, username: indexed, email: indexed, phone: indexed, externalId: indexed })
  .partial();
export type UserPatch = z.output<typeof userPatch>;

/** The display name of a user: the name, else a sign-in name (username, email, phone), else the id. */
export const nameOfUser = (user: {
  userId: string;
  name?: string | null | undefined;
  username?: string | null | undefined;
  email?: string | null | undefined;
  phone?: string | null | undefined;
}): string => user.name || user.username || user.email || user.phone || user.userId;

/** `UserDto`: has `customData` with `withCustomData`; with `flatCustomData` its keys are also at the top level. */
export const user = z.looseObject({
  ...userProfile,
  userId: z.string(),
  createdAt: z.string(),
  updatedAt: z.string(),
  statusChangedAt: date,
  workStatus: z.enum(['Closed', 'Active']),
  userSourceType: z.enum(['excel', 'register', 'adminCreated', 'sync']),
  userSourceId: z.string().nullable(),
  loginsCount: z.number(),
  lastLogin: date,
  lastIp: z.string().nullable(),
  customData: customData.optional(),
  departmentIds: z.array(z.string()).optional(),
});
export type User = z.output<typeof user>;

export const namespace = z.object({ code: z.string(), name: z.string(), description: z.string(), status: z.number() });

export const rolePatch = z.object({
  name: name.nullish(),
  newCode: code.nullish(),
  description,
  status: word(['ENABLE', 'DISABLE']).nullish(),
  disableTime: z.union([z.string(), z.number()]).nullish(),
  enablePermissionApply: flag.nullish(),
  customData: customData.nullish(),
});
export const role = z.object({
  id: z.string(),
  code: z.string(),
  name: z.string(),
  description: z.string(),
  namespace: z.string(),
  namespaceName: z.string(),
  status: z.enum(['ENABLE', 'DISABLE']),
  disableTime: z.number().nullable(),
  enablePermissionApply: z.boolean(),
});
export type Role = z.output<typeof role>;

export const groupPatch = z.object({
  name: name.nullish(),
  newCode: code.nullish(),
  description,
  customData: customData.nullish(),
});
export const group = z.looseObject({
  id: z.string(),
  code: z.string(),
  name: z.string(),
  description: z.string(),
  type: z.string(),
  metadataSource: z.array(z.string()),
  members: z.array(user),
  customData: customData.optional(),
});
export type Group = z.output<typeof group>;

/** Names of a department in the four languages. A client can send some of them; answers have all four. */
export const sentNames = z.object({
  name: z
    .partialRecord(z.enum(['zh-CN', 'en-US', 'zh-TW', 'ja-JP']), z.object({ enabled: flag, value: storable.max(256) }))
    .optional(),
  organizationName: z
    .partialRecord(z.enum(['zh-CN', 'en-US', 'zh-TW', 'ja-JP']), z.object({ enabled: flag, value: storable.max(256) }))
    .optional(),
});
export type SentNames = z.output<typeof sentNames>;

export const departmentPatch = z.object({
  name: name.nullish(),
  code: code.nullish(),
  description,
  leaderUserIds: z.array(identifier).max(50).nullish(),
  parentDepartmentId: identifier.nullish(),
  openDepartmentId: storable.max(128).nullish(),
  status: flag.nullish(),
  isVirtualNode: flag.nullish(),
  i18n: sentNames.nullish(),
  customData: customData.nullish(),
});
export const department = z.looseObject({
  organizationCode: z.string(),
  departmentId: z.string(),
  openDepartmentId: z.string(),
  parentDepartmentId: z.string(),
  parentDepartmentCode: z.string(),
  name: z.string(),
  code: z.string(),
  description: z.string(),
  leaderUserIds: z.array(z.string()),
  membersCount: z.number(),
  hasChildren: z.boolean(),
  isVirtualNode: z.boolean(),
  status: z.boolean(),
  i18n: z.object({ name: translations }),
  createdAt: z.string(),
  updatedAt: z.string(),
  customData: customData.optional(),
});
export type Department = z.output<typeof department>;

export const organization = z.looseObject({
  organizationCode: z.string(),
  organizationName: z.string(),
  departmentId: z.string(),
  openDepartmentId: z.string(),
  description: z.string(),
  hasChildren: z.boolean(),
  membersCount: z.number(),
  isVirtualNode: z.boolean(),
  status: z.boolean(),
  i18n: z.object({ organizationName: translations }),
  leaderUserIds: z.array(z.string()),
  createdAt: z.string(),
  updatedAt: z.string(),
  tenantId: z.string().optional(),
  customData: customData.optional(),
});
export type Organization = z.output<typeof organization>;

export const tenant = z.object({
  tenantId: z.string(),
  userPoolId: z.string(),
  name: z.string(),
  description: z.string(),
  logo: z.string(),
  rejectHint: z.string(),
  appIds: z.array(z.string()),
  creator: z.string(),
  sourceAppId: z.string(),
  source: z.string(),
  code: z.string(),
  host: z.string(),
  enterpriseDomains: z.array(z.string()),
  createdAt: z.string(),
  membersCount: z.number().optional(),
});
export type Tenant = z.output<typeof tenant>;

/** The operators of list-users. GREATER and LESSER include the bound, as GenAuth documents them. */
export const operators = [
  'EQUAL',
  'NOT_EQUAL',
  'CONTAINS',
  'NOT_CONTAINS',
  'IS_NULL',
  'NOT_NULL',
  'IN',
  'GREATER',
  'LESSER',
  'BETWEEN',
] as const;

/** The longest text to search for, the most operands of one filter, and the most operands of all filters together. */
const longestPart = 512;
const mostOperands = 500;
const mostTogether = 1_000;
/** How many filters may look for a part of a text: each may read every text that is held. */
const mostParts = 5;

const isPart = (operator: string) => operator === 'CONTAINS' || operator === 'NOT_CONTAINS';
const operandsOf = (value: unknown) => (Array.isArray(value) ? value.length : 1);

/** A filter with one of these operators. Its operands stay within what a database accepts. */
export const filterBy = <const T extends readonly [string, ...string[]]>(by: T) =>
  z.object({ field: identifier, operator: word(by), value: z.unknown().optional() }).superRefine((item, context) => {
    const refuse = (message: string) => context.addIssue({ code: 'custom', message, path: ['value'] });
    if (operandsOf(item.value) > mostOperands) refuse(issue('tooMany', mostOperands));
    if (isPart(item.operator) && typeof item.value === 'string' && item.value.length > longestPart)
      refuse(issue('tooLong', longestPart));
  });

/** The filters of a list. */
export const filters = <T extends z.ZodType<{ operator: string; value?: unknown }>>(item: T, max: number) =>
  z
    .array(item)
    .max(max)
    .superRefine((list, context) => {
      const count = list.reduce((sum, { value }) => sum + operandsOf(value), 0);
      if (count > mostTogether) context.addIssue({ code: 'custom', message: issue('tooMany', mostTogether) });
      const parts = list.flatMap(({ operator }, index) => (isPart(operator) ? [index] : []));
      const first = parts[mostParts];
      if (first !== undefined)
        context.addIssue({ code: 'custom', message: issue('tooManyParts', mostParts), path: [first, 'operator'] });
    });

export const filterItem = filterBy(operators);
export type FilterItem = z.output<typeof filterItem>;

/** The built-in fields that a keyword search can use. */
export const searchable = [
  'id',
  'phone',
  'email',
  'name',
  'username',
  'externalId',
  'nickname',
  'company',
  'givenName',
  'familyName',
  'middleName',
  'profile',
  'preferredUsername',
  'website',
  'address',
  'formatted',
  'streetAddress',
  'postalCode',
  'identityNumber',
] as const;
export type Searchable = (typeof searchable)[number];

export const sortItem = z
  .object({ field: identifier, order: z.string().nullish(), direction: z.string().nullish() })
  .transform(({ field, order, direction }) => ({
    field,
    descending: (order ?? direction ?? 'asc').trim().toLowerCase() === 'desc',
  }));
export type SortItem = z.output<typeof sortItem>;
