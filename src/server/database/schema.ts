import type { Generated, Kysely, Transaction } from 'kysely';

// Rows as both databases store them: flags are 0 or 1, structures are JSON text, dates are ISO 8601 UTC text. Names are
// camel case here and snake case in SQL (`CamelCasePlugin`).

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
  /** One id space for all targets. Values, claims and the change history refer to this id, never to a code. */
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
  /** A random text per space of definitions. Triggers replace it on every write to `fields` and `fieldOptions`. */
  fieldVersions: { tenantId: string; targetType: string; version: string };
  baseFields: BaseFieldRow;
  fieldValues: ValueRow;
  /** Unique keys by scope. The primary key lets only one of several concurrent writers succeed. */
  claims: { scope: string; key: string; targetId: number };
  history: HistoryRow;
  plans: PlanRow;
  /** Unsaved edits of team members. */
  drafts: { staffId: string; targetId: number; tenantId: string; draft: string; at: string };
  /** Saved views. `query` is the query string of the URL. */
  views: ViewRow;
  staff: {
    id: string;
    email: string;
    name: string;
    role: string;
    /** Empty if the account signs in only through a provider. */
    password: string;
    createdAt: string;
    disabledAt: string | null;
    /** Encrypted. Null while two-step verification is off. */
    totpSecret: string | null;
    /** The time step of the last code. Each code works once. */
    totpStep: number;
    /** The identity at the provider. */
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
    /** The account that gives the role. Empty if an older version wrote the invitation. */
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
  /** Custom console roles. `rights` and `tenants` are JSON lists; `tenants` is null for all. */
  staffRoles: { id: string; name: string; rights: string; tenants: string | null; createdAt: string };
  nonces: { keyId: string; nonce: string; expiresAt: number };
  activity: ActivityRow;
  /** The order of the sealed entries. Each seal has a hash over the seal before it and its entry. */
  activitySeals: { seq: number; entryId: number; keyId: string; hash: string };
  /** One row: the number of seals, the last hash, and a signature over both. */
  activityHead: { id: number; count: number; hash: string; at: string; keyId: string; signature: string };
  /** The key that encrypts a target's values. It is encrypted with the key that `keyId` names. */
  targetKeys: { targetId: number; keyId: string; sealed: string };
  /** The keys of the hashes, also encrypted. The one with the highest id is current. */
  hashKeys: { id: Generated<number>; keyId: string; sealed: string };
  /** The attempts of a key, and until when they count (`expiresAt`, in milliseconds). */
  attempts: { key: string; points: number; expiresAt: number };
  /** A text encrypted under `FIELDBOOK_SECRET`. It shows whether the server has another secret. */
  secretMark: { id: number; sealed: string };
  /** What remains of a permanently deleted field, so that the audit log still shows it to those who saw it. */
  purgedFields: { id: number; tenantId: string; targetType: string; access: string };
  /** Pages of SQLite that may still hold plain text which was encrypted or erased (vault/pages.ts). */
  owedPages: { id: Generated<number>; fieldId: number | null; isMerged: number };
  /** Leases for work that only one process may do at a time. */
  leases: { name: string; holder: string; until: number };
}

interface Lifecycle {
  createdAt: string;
  updatedAt: string;
  /** Set while the row is in the trash. */
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
  /** The root of its tree. A root is an organization and has its own id here. */
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
  /** The access of roles to its values, as JSON by role id. */
  access: string;
  userEditable: number;
  visibleInAdminConsole: number;
  visibleInUserCenter: number;
  precision: string;
  validateRules: string;
  appIds: string;
  i18n: string;
  version: number;
  /** Since when no value of an encrypted field is stored as plain text. */
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
  /** The stored value as JSON. Its type may differ from the field's. */
  value: string;
  /** The start of a text, for order and equality in an index. */
  sortKey: string | null;
  /** For comparison: the number, the instant in milliseconds, or 0 or 1 for a boolean. */
  number: number | null;
  /** A keyed hash that finds a value of an encrypted field. */
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
  /** The plan of the change. Its undo reads this column and then appends " undone". */
  planId: string | null;
  /** The reason, in the actor's words. */
  reason: string | null;
}

/** An applied plan. The change history has its changes. */
export interface PlanRow {
  id: string;
  at: string;
  tenantId: string;
  actorName: string;
  summary: string;
  undoneAt: string | null;
}

/** Entries without values: the change history has those and can erase them. No row is changed or deleted. */
export interface ActivityRow {
  id: Generated<number>;
  at: string;
  kind: string;
  /** What happened, if before and after don't show it. */
  event: string | null;
  historyId: number | null;
  fieldId: number | null;
  targetId: number | null;
  /** The name of an object that is neither a field nor a target. */
  subject: string | null;
  /** How many values, if one entry stands for many. */
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
  /** A keyed digest over the row without its id, made when it was written. */
  mac: string;
}

export interface AccessKeyRow {
  id: string;
  name: string;
  /** Encrypted. Signature checks need it as plain text. */
  secret: string;
  scopes: string;
  /** The role that decides which fields the key sees. Null for a key of the command line. */
  role: string | null;
  createdAt: string;
  createdBy: string;
  /** The account that made or last rotated the key and so knows its secret. Null if unknown. */
  makerId: string | null;
  /** The role of that account. It limits the key. Null for a key of the command line. */
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
/** For code that must be atomic: the compiler refuses a call outside a transaction. */
export type Trx = Transaction<Schema>;
