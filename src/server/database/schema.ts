import type { Generated, Kysely, Transaction } from 'kysely';

// Rows as both databases hold them: flags are 0 or 1, structures are JSON text, dates are ISO 8601 UTC text.
// Property names are camel case here and snake case in SQL (CamelCasePlugin).

type Flag = 0 | 1;

export interface Schema {
  pool: { id: number; poolId: string; createdAt: string };
  tenants: {
    id: string;
    name: string;
    description: string;
    details: string;
    createdAt: string;
    deletedAt: string | null;
  };
  /** One id space for everybody who can hold a value: values, claims and history hang on it, never on a code. */
  targets: { id: Generated<number>; type: string };
  users: UserRow;
  namespaces: {
    id: Generated<number>;
    code: string;
    name: string;
    description: string;
    status: number;
    createdAt: string;
    deletedAt: Generated<string | null>;
  };
  roles: RoleRow;
  groups: GroupRow;
  departments: DepartmentRow;
  departmentMembers: { departmentId: number; userId: number };
  fields: FieldRow;
  fieldOptions: { fieldId: number; value: string; label: string; i18n: string | null; position: number; retired: Flag };
  /** A random text per space of definitions, which triggers replace with every write of `fields` and `fieldOptions`. */
  fieldVersions: { tenantId: string; targetType: string; version: string };
  baseFields: BaseFieldRow;
  fieldValues: ValueRow;
  /** What must be unique, by scope: the primary key makes one winner of any number of simultaneous writers. */
  claims: { scope: string; key: string; targetId: number };
  history: HistoryRow;
  plans: PlanRow;
  /** What staff typed and haven't saved. */
  drafts: { staffId: string; targetId: number; tenantId: string; draft: string; at: string };
  /** Lists that somebody gave a name: `query` is what stands in their URL. */
  views: ViewRow;
  staff: {
    id: string;
    email: string;
    name: string;
    role: string;
    /** Empty for whoever signs in through a provider alone. */
    password: string;
    createdAt: string;
    disabledAt: string | null;
    /** Sealed; null while no code is asked. */
    totpSecret: string | null;
    /** The time step of the last code, which is taken once. */
    totpStep: number;
    /** Who they are at their provider. */
    issuer: string | null;
    subject: string | null;
  };
  recoveryCodes: { staffId: string; digest: string };
  invitations: {
    id: string;
    digest: string;
    email: string;
    name: string;
    role: string;
    invitedBy: string;
    /** The account that gives the role; blank where an older version invited. */
    invitedById: string;
    createdAt: string;
    expiresAt: string;
  };
  sessions: {
    digest: string;
    staffId: string;
    createdAt: string;
    expiresAt: string;
    id: string;
    agent: string;
    seenAt: string;
  };
  accessKeys: AccessKeyRow;
  /** Roles that staff made themselves; `rights` and `tenants` are JSON lists, `tenants` null for all. */
  staffRoles: { id: string; name: string; rights: string; tenants: string | null; createdAt: string };
  nonces: { keyId: string; nonce: string; expiresAt: number };
  activity: ActivityRow;
  /** The order in which entries were sealed, each with a hash over the one before and its own entry. */
  activitySeals: { seq: number; entryId: number; keyId: string; hash: string };
  /** One row: how many are sealed, the last hash, and a signature over both. */
  activityHead: { id: number; count: number; hash: string; at: string; keyId: string; signature: string };
  /** The key that a target's encrypted values are sealed with, itself sealed with the key that `keyId` names. */
  targetKeys: { targetId: number; keyId: string; sealed: string };
  /** The keys of the hashes, sealed too; the one with the greatest id is current. */
  hashKeys: { id: Generated<number>; keyId: string; sealed: string };
  /** Attempts under a key, and until when they count; `expiresAt` in milliseconds. */
  attempts: { key: string; points: number; expiresAt: number };
  /** Text sealed under FIELDBOOK_SECRET, by which another secret is noticed. */
  secretMark: { id: number; sealed: string };
  /** What is kept of a field that was removed for good: the activity goes on telling of it to who saw it. */
  purgedFields: { id: number; tenantId: string; targetType: string; access: string };
  /** What of SQLite still holds something in clear that was sealed or erased (vault/pages.ts). */
  owedPages: { id: Generated<number>; fieldId: number | null; isMerged: number };
  /** Who does what only one process may do at a time. */
  leases: { name: string; holder: string; until: number };
}

interface Lifecycle {
  createdAt: string;
  updatedAt: string;
  /** Set while in the trash. */
  deletedAt: string | null;
}

export interface UserRow extends Lifecycle {
  id: number;
  userId: string;
  username: string | null;
  email: string | null;
  phone: string | null;
  phoneCountryCode: string | null;
  externalId: string | null;
  name: string | null;
  nickname: string | null;
  photo: string | null;
  gender: string;
  birthdate: string | null;
  country: string | null;
  province: string | null;
  city: string | null;
  region: string | null;
  address: string | null;
  streetAddress: string | null;
  postalCode: string | null;
  formatted: string | null;
  company: string | null;
  givenName: string | null;
  familyName: string | null;
  middleName: string | null;
  profile: string | null;
  preferredUsername: string | null;
  website: string | null;
  zoneinfo: string | null;
  locale: string | null;
  identityNumber: string | null;
  device: string | null;
  browser: string | null;
  status: string;
  workStatus: string;
  emailVerified: number;
  phoneVerified: number;
  userSourceType: string;
  userSourceId: string | null;
  loginsCount: number;
  lastLogin: string | null;
  lastIp: string | null;
  statusChangedAt: string | null;
}

export interface RoleRow extends Lifecycle {
  id: number;
  uid: string;
  namespaceId: number;
  code: string;
  name: string;
  description: string;
  status: string;
  disableTime: number | null;
  enablePermissionApply: number;
}

export interface GroupRow extends Lifecycle {
  id: number;
  uid: string;
  code: string;
  name: string;
  description: string;
  type: string;
}

export interface DepartmentRow extends Lifecycle {
  id: number;
  departmentId: string;
  /** The root of its tree; a root is an organisation and names itself. */
  rootId: number;
  parentId: number | null;
  organizationCode: string | null;
  tenantId: string;
  openDepartmentId: string;
  code: string;
  name: string;
  description: string;
  leaderUserIds: string;
  isVirtualNode: number;
  status: number;
  i18n: string;
}

export interface FieldRow extends Lifecycle {
  id: Generated<number>;
  tenantId: string;
  targetType: string;
  key: string;
  dataType: string;
  label: string;
  description: string;
  groupName: string;
  position: number;
  isUnique: number;
  encrypted: number;
  desensitization: number;
  mask: string;
  /** What roles may do with its values, by role id, as JSON. */
  access: string;
  userEditable: number;
  visibleInAdminConsole: number;
  visibleInUserCenter: number;
  precision: string;
  validateRules: string;
  appIds: string;
  i18n: string;
  version: number;
  /** Since when nothing of an encrypted field is stored in clear. */
  sealedAt: string | null;
}

export interface BaseFieldRow {
  key: string;
  label: string | null;
  description: string;
  userEditable: number;
  visibleInAdminConsole: number;
  visibleInUserCenter: number;
  i18n: string;
  version: number;
}

export interface ValueRow {
  fieldId: number;
  targetId: number;
  /** The stored value as JSON: its own type, also where that isn't the field's. */
  value: string;
  /** The beginning of a text, for order and equality in an index. */
  sortKey: string | null;
  /** The number, the instant in milliseconds, or 0 and 1 of a boolean, for comparison. */
  number: number | null;
  /** What finds a value of an encrypted field: a keyed hash of it. */
  hash: string | null;
  updatedAt: string;
}

export interface HistoryRow {
  id: Generated<number>;
  at: string;
  kind: string;
  fieldId: number | null;
  targetId: number | null;
  before: string | null;
  after: string | null;
  actorKind: string;
  actorId: string;
  actorName: string;
  through: string;
  requestId: string | null;
  /** The plan that it was part of, whose undo reads it; with " undone" behind it once it did. */
  planId: string | null;
  /** Why, in the words of whoever did it. */
  reason: string | null;
}

/** A plan that was applied; what it did stands in history. */
export interface PlanRow {
  id: string;
  at: string;
  tenantId: string;
  actorName: string;
  summary: string;
  undoneAt: string | null;
}

/** What was done, without any value: those stand in history, where they can be erased. Nothing changes or removes a row. */
export interface ActivityRow {
  id: Generated<number>;
  at: string;
  kind: string;
  /** What became of it, where before and after don't say. */
  event: string | null;
  historyId: number | null;
  fieldId: number | null;
  targetId: number | null;
  /** The name of what is neither a field nor a target. */
  subject: string | null;
  /** How many values, where one entry stands for many. */
  count: number;
  beforeDigest: string | null;
  afterDigest: string | null;
  actorKind: string;
  actorId: string;
  actorName: string;
  through: string;
  requestId: string | null;
  planId: string | null;
  reason: string | null;
  /** A keyed digest over all of this but the id, made as it was written. */
  mac: string;
}

export interface AccessKeyRow {
  id: string;
  name: string;
  /** Sealed: a signature is verified with it in clear. */
  secret: string;
  scopes: string;
  /** The role as which it sees fields; null for one of the command line. */
  role: string | null;
  createdAt: string;
  createdBy: string;
  /** The account that knows its secret, which made or rotated it; null where that isn't known. */
  makerId: string | null;
  /** The role of its maker, beyond which it never goes; null for one of the command line. */
  makerRole: string | null;
  expiresAt: string | null;
  lastUsedAt: string | null;
  revokedAt: string | null;
  rotatedAt: string | null;
  formerSecret: string | null;
  formerUntil: string | null;
}

export interface ViewRow {
  id: string;
  staffId: string;
  tenantId: string;
  targetType: string;
  name: string;
  query: string;
  shared: number;
  createdAt: string;
}

export type Db = Kysely<Schema>;
/** Asked for by whatever must be atomic: the compiler refuses a call outside a transaction. */
export type Trx = Transaction<Schema>;
