import type { ActivityKind } from '#contract/history';
import type { Actor } from '../context.ts';
import { inSlices, isPostgres } from '../database/open.ts';
import type { ActivityRow, Trx } from '../database/schema.ts';
import { saidOf } from './actor.ts';
import { contentOf, sealWritten } from './chain.ts';
import { digestOf } from './digest.ts';

/** Something that was done. The audit log stores only digests of `before` and `after`. */
export interface ActivityRecord {
  kind: ActivityKind;
  event?: string;
  historyId?: number;
  fieldId?: number;
  targetId?: number;
  subject?: string;
  count?: number;
  before?: string | null;
  after?: string | null;
}

/** Writes audit log entries in the change's transaction. Nothing else writes them; nothing changes or deletes them. */
export async function recordActivity(trx: Trx, actor: Actor, records: ActivityRecord[]): Promise<void> {
  const at = new Date().toISOString();
  await inSlices(
    records.map((record) => rowOf(actor, record, at)),
    async (rows) => {
      const insert = trx.insertInto('activity').values(rows);
      const { secrets } = actor.sign;
      if (!secrets || isPostgres(trx)) await insert.execute();
      else await sealWritten(secrets, trx, await insert.returningAll().execute());
      return [];
    },
  );
}

type Written = Omit<ActivityRow, 'id'>;

function rowOf(actor: Actor, record: ActivityRecord, at: string): Written {
  const digest = (json: string | null | undefined) =>
    json === null || json === undefined ? null : digestOf(actor, { fieldId: record.fieldId, json });
  const row = {
    at,
    kind: record.kind,
    event: record.event ?? null,
    historyId: record.historyId ?? null,
    fieldId: record.fieldId ?? null,
    targetId: record.targetId ?? null,
    subject: record.subject ?? null,
    count: record.count ?? 1,
    beforeDigest: digest(record.before),
    afterDigest: digest(record.after),
    ...saidOf(actor),
  };
  return { ...row, mac: actor.sign(contentOf(row)) };
}
