import Sqlite from 'better-sqlite3';
import type { ActivityEvent } from '#contract/history';
import type { Config } from '../config.ts';
import { openDatabase } from '../database/open.ts';
import { recordActivity } from '../record/activity.ts';
import { makeSecrets, signer } from '../secrets.ts';
import { erase } from '../vault/erase.ts';
import { owePages, payPages } from '../vault/pages.ts';
import { settle } from './restore.checks.ts';
import { insertRow, putTeam, type Row, readTeam, type Team } from './restore.team.ts';

/** The state that a restore keeps. An older file must not undo it. */
export interface Standing {
  /** Access keys that were revoked or rotated. */
  keys: Row[];
  team: Team;
  /** The nonces of signed requests that were accepted. */
  nonces: Row[];
  /** The open invitations. Undefined if the database is older than invitations. */
  invitations: Set<string> | undefined;
  erased: { id: number; userId: string | null }[];
  /** The highest ids. No other row may ever have one of them. */
  sequences: { name: string; seq: number }[];
}

/** Reads this state from the database that the restore will replace. */
export function readStanding(live: string): Standing {
  const connection = new Sqlite(live, { readonly: true, timeout: 10_000 });
  const tables = new Set(
    connection.prepare("select name from sqlite_master where type = 'table'").pluck().all() as string[],
  );
  const all = <R = Row>(table: string, rest = ''): R[] =>
    tables.has(table) ? (connection.prepare(`select * from ${table} ${rest}`).all() as R[]) : [];
  try {
    return {
      keys: all('access_keys').filter((key) => key.revoked_at || key.rotated_at),
      team: readTeam((table) => (tables.has(table) ? all(table) : undefined)),
      nonces: all('nonces'),
      invitations: tables.has('invitations') ? new Set(all('invitations').map(({ id }) => String(id))) : undefined,
      erased: tables.has('activity')
        ? (connection
            .prepare(
              `select distinct a.target_id as id, u.user_id as "userId" from activity a
                left join users u on u.id = a.target_id where a.event = 'erased' and a.target_id is not null`,
            )
            .all() as Standing['erased'])
        : [],
      sequences: all('sqlite_sequence'),
    };
  } finally {
    connection.close();
  }
}

/** Applies this state to a prepared copy, ends all sessions, and records the restore in its audit log. */
export async function applyStanding(config: Config, copy: string, standing: Standing | undefined): Promise<void> {
  if (standing) putRows(copy, standing);
  const database = await openDatabase(`sqlite:${copy}`);
  try {
    const sign = signer(makeSecrets(config.secrets));
    const actor = { kind: 'system', id: 'command', name: 'Command line', through: 'command', sign } as const;
    await database.write.transaction().execute(async (trx) => {
      await trx.deleteFrom('sessions').execute();
      for (const { id, userId } of standing?.erased ?? []) {
        const found = await trx.selectFrom('users').select('userId').where('id', '=', id).executeTakeFirst();
        // In a database with a different past, this id may belong to another user.
        if (found && userId !== null && found.userId !== userId) continue;
        await erase(trx, id);
        const known = trx
          .selectFrom('activity')
          .select('id')
          .where('targetId', '=', id)
          .where('event', '=', 'erased' satisfies ActivityEvent);
        if (await known.executeTakeFirst()) continue;
        // A restore of yet another file erases them again.
        await recordActivity(trx, actor, [{ event: 'erased', targetId: id }]);
      }
      await owePages(trx);
      await recordActivity(trx, actor, [{ event: 'restored' }]);
    });
    await payPages(database);
  } finally {
    await database.close();
  }
  settle(copy);
}

function putRows(copy: string, standing: Standing): void {
  const connection = new Sqlite(copy);
  const putKey = (key: Row) => {
    // Also a key that the file doesn't have, because a later restore of another file may have it.
    if (key.revoked_at) insertRow(connection, 'access_keys', key);
    connection
      .prepare('update access_keys set revoked_at = @revoked_at where id = @id and @revoked_at is not null')
      .run(key);
    if (!key.rotated_at) return;
    connection
      .prepare(
        `update access_keys set secret = @secret, rotated_at = @rotated_at, former_secret = @former_secret,
          former_until = @former_until, maker_id = coalesce(@maker_id, maker_id),
          maker_role = coalesce(@maker_role, maker_role), former_maker_id = @former_maker_id,
          former_maker_role = @former_maker_role
          where id = @id and coalesce(rotated_at, '') < @rotated_at`,
      )
      .run({ maker_id: null, maker_role: null, former_maker_id: null, former_maker_role: null, ...key });
  };
  try {
    connection.transaction(() => {
      for (const key of standing.keys) putKey(key);
      putTeam(connection, standing.team);
      for (const nonce of standing.nonces) insertRow(connection, 'nonces', nonce);
      const open = connection.prepare('select id from invitations').pluck().all() as string[];
      for (const id of open.filter((one) => standing.invitations && !standing.invitations.has(one)))
        connection.prepare('delete from invitations where id = ?').run(id);
      for (const given of standing.sequences) {
        const known = connection
          .prepare('update sqlite_sequence set seq = max(seq, @seq) where name = @name')
          .run(given);
        if (!known.changes)
          connection.prepare('insert into sqlite_sequence (name, seq) values (@name, @seq)').run(given);
      }
    })();
  } finally {
    connection.close();
  }
}
