import type Sqlite from 'better-sqlite3';
import { isAdministrator } from '../access/power.ts';

// A restore brings data back, and leaves the team as it is: a password that was replaced, a second factor that was
// switched on and a role that was taken away are decisions of today. An account or a role that the file doesn't have is
// added, so whoever is an administrator now still is one.

export type Row = Record<string, string | number | null>;

export interface Team {
  accounts: Row[];
  /** Undefined if the database is older than recovery codes. */
  codes: Row[] | undefined;
  /** The custom roles. Undefined if the database is older than they are. */
  roles: Row[] | undefined;
  /** Who sees which field now, also permanently deleted ones. */
  fields: Row[];
  poolId: string | undefined;
}

/** Reads the team. `all` has the rows of a table, and undefined for one that the database is too old for. */
export function readTeam(all: (table: string) => Row[] | undefined): Team {
  return {
    accounts: all('staff') ?? [],
    codes: all('recovery_codes'),
    roles: all('staff_roles'),
    fields: [...(all('fields') ?? []), ...(all('purged_fields') ?? [])],
    poolId: poolOf(all('pool') ?? []),
  };
}

const poolOf = ([pool]: Row[]) => pool && String(pool.pool_id);

/** Adds a row, without columns that only another version has, unless there is one of its key. */
export function insertRow(connection: Sqlite.Database, table: string, row: Row): void {
  const columns = connection.prepare('select name from pragma_table_info(?)').pluck().all(table) as string[];
  const known = Object.keys(row).filter((column) => columns.includes(column));
  const marks = known.map((column) => `@${column}`);
  connection.prepare(`insert or ignore into ${table} (${known.join(', ')}) values (${marks.join(', ')})`).run(row);
}

/** Gives a prepared copy this team. */
export function putTeam(connection: Sqlite.Database, team: Team): void {
  if (team.roles) putRoles(connection, team, team.roles);
  // In a database without an administrator nobody decided what others may do.
  const isDecided = hasAdministrator(team);
  for (const account of team.accounts) {
    const id = findAccount(connection, account);
    if (id === undefined) insertRow(connection, 'staff', account);
    else putAccount(connection, account, { id, withRole: isDecided });
    if (team.codes) putCodes(connection, team.codes, { from: String(account.id), to: id ?? String(account.id) });
  }
}

/** Whom the copy has for an account: by its id, or by its address where the past of the two differs. */
function findAccount(
  connection: Sqlite.Database,
  { id, email, issuer = null, subject = null }: Row,
): string | undefined {
  const where = (condition: string, ...values: unknown[]) =>
    connection.prepare(`select id from staff where ${condition}`).pluck().get(values) as string | undefined;
  return where('id = ?', id) ?? where('email = ?', email) ?? where('issuer = ? and subject = ?', issuer, subject);
}

function putAccount(connection: Sqlite.Database, account: Row, { id, withRole }: { id: string; withRole: boolean }) {
  const kept = ['password', 'totp_secret', 'disabled_at', ...(withRole ? ['role'] : [])];
  for (const column of kept.filter((one) => one in account))
    connection.prepare(`update staff set ${column} = ? where id = ?`).run(account[column], id);
  const step = account.totp_step ?? 0;
  connection.prepare('update staff set totp_step = max(totp_step, ?) where id = ?').run(step, id);
}

/** The unused recovery codes of an account in place of the file's. */
function putCodes(connection: Sqlite.Database, codes: Row[], { from, to }: { from: string; to: string }): void {
  connection.prepare('delete from recovery_codes where staff_id = ?').run(to);
  for (const code of codes.filter((one) => one.staff_id === from))
    insertRow(connection, 'recovery_codes', { ...code, staff_id: to });
}

function putRoles(connection: Sqlite.Database, team: Team, roles: Row[]): void {
  const all = (table: string) => connection.prepare(`select * from ${table}`).all() as Row[];
  const isSamePool = poolOf(all('pool')) === team.poolId;
  const known = new Set(all('staff_roles').map(({ id }) => id));
  for (const role of roles) {
    connection.prepare('delete from staff_roles where id = ?').run(role.id);
    insertRow(connection, 'staff_roles', role);
  }
  // A deleted role gives nothing any more, to keys and to claims of a provider either.
  const living = new Set(roles.map(({ id }) => id));
  for (const id of isSamePool ? known : [])
    if (!living.has(id)) connection.prepare('delete from staff_roles where id = ?').run(id);
  const present = new Map(isSamePool ? team.fields.map((field) => [field.id, accessOf(field)]) : []);
  const fresh = roles.flatMap(({ id }) => (known.has(id) ? [] : [String(id)]));
  for (const table of ['fields', 'purged_fields'])
    for (const field of all(table)) restrict(connection, table, field, fresh, present.get(field.id));
}

/** Gives roles that a field of the file never named the access that they have to it now: to one that is gone, none. */
function restrict(
  connection: Sqlite.Database,
  table: string,
  field: Row,
  fresh: string[],
  present: Record<string, string> | undefined,
): void {
  const added = fresh.flatMap((role) => {
    const access = present ? present[role] : 'hidden';
    return access ? [[role, access] as const] : [];
  });
  if (!added.length) return;
  const access = JSON.stringify({ ...accessOf(field), ...Object.fromEntries(added) });
  connection.prepare(`update ${table} set access = ? where id = ?`).run(access, field.id);
}

const accessOf = ({ access }: Row): Record<string, string> => JSON.parse(String(access ?? '{}'));

/** Whether somebody can sign in who may do everything. */
function hasAdministrator({ accounts, roles = [] }: Team): boolean {
  const full = roles.filter(({ rights, tenants }) =>
    isAdministrator({ rights: JSON.parse(String(rights)), tenants: tenants === null ? null : [] }),
  );
  const ids = new Set(['administrator', ...full.map(({ id }) => String(id))]);
  return accounts.some(
    ({ role, password, issuer, disabled_at }) => disabled_at === null && (password || issuer) && ids.has(String(role)),
  );
}
