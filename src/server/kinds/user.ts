import { nameOfUser, type User } from '#contract/directory';
import type { Context } from '../context.ts';
import type { UserRow } from '../database/schema.ts';
import { ownColumns } from './columns.ts';
import { type Column, disclosed, type Kind } from './kind.ts';

/** What filters and sorts may name, by its wire name; two names are aliases in the vendor's examples. */
export const userColumns = new Map<string, Column>([
  ...ownColumns('USER', 'users'),
  ['id', { column: 'users.userId', dataType: 'STRING' }],
  ['userId', { column: 'users.userId', dataType: 'STRING' }],
  ['userSourceType', { column: 'users.userSourceType', dataType: 'STRING' }],
  ['userSource', { column: 'users.userSourceType', dataType: 'STRING' }],
  ['signedUp', { column: 'users.createdAt', dataType: 'DATETIME' }],
  ['lastLoginTime', { column: 'users.lastLogin', dataType: 'DATETIME' }],
  ['statusChangedAt', { column: 'users.statusChangedAt', dataType: 'DATETIME' }],
]);

export const user: Kind = {
  table: 'users',
  identifier: 'userId',
  wholeIds: ['userId', 'externalId'],
  tenantColumn: null,
  notFound: 'userNotFound',
  columns: userColumns,
  async holders({ db, rights }, which) {
    const rows = await db
      .selectFrom('users')
      .select(['id', 'userId', 'name', 'username', 'email', 'phone'])
      .where(which)
      .execute();
    // Who lacks the right to read is told how people are called, not how they are reached.
    const reach = rights.includes('read') ? {} : { email: null, phone: null };
    return rows.map(({ id, ...row }) => ({ id, identifier: row.userId, name: nameOfUser({ ...row, ...reach }) }));
  },
  async rows(db, ids) {
    const rows = await db.selectFrom('users').selectAll().where('id', 'in', ids).execute();
    return rows.map((row) => {
      const name = nameOfUser(row);
      const note = row.username && row.username !== name ? row.username : '';
      return { row, who: { targetIdentifier: row.userId, name, note } };
    });
  },
  async read(caller, id) {
    const row = await caller.db.selectFrom('users').selectAll().where('id', '=', id).executeTakeFirstOrThrow();
    return { targetType: 'USER', entity: toUser(caller, row) };
  },
};

/** A user of whom nothing is said yet. */
export const blankUser = {
  username: null,
  email: null,
  phone: null,
  phoneCountryCode: null,
  externalId: null,
  name: null,
  nickname: null,
  photo: null,
  gender: 'U',
  birthdate: null,
  country: null,
  province: null,
  city: null,
  region: null,
  address: null,
  streetAddress: null,
  postalCode: null,
  formatted: null,
  company: null,
  givenName: null,
  familyName: null,
  middleName: null,
  profile: null,
  preferredUsername: null,
  website: null,
  zoneinfo: null,
  locale: null,
  identityNumber: null,
  device: null,
  browser: null,
  status: 'Activated',
  workStatus: 'Active',
  emailVerified: 0,
  phoneVerified: 0,
  userSourceType: 'adminCreated',
  userSourceId: null,
  loginsCount: 0,
  lastLogin: null,
  lastIp: null,
  statusChangedAt: null,
} satisfies Omit<UserRow, 'id' | 'userId' | 'createdAt' | 'updatedAt' | 'deletedAt'>;

export function toUser(caller: Pick<Context, 'rights'>, { id: _, deletedAt: __, ...all }: UserRow): User {
  const row = disclosed(caller, all, { ...blankUser, userId: all.userId, createdAt: '', updatedAt: '' });
  return {
    ...row,
    emailVerified: row.emailVerified === 1,
    phoneVerified: row.phoneVerified === 1,
    gender: row.gender as User['gender'],
    status: row.status as User['status'],
    workStatus: row.workStatus as User['workStatus'],
    userSourceType: row.userSourceType as User['userSourceType'],
  };
}
