import { type ActivityEvent, activityEvents } from '#contract/history';
import type { Actor } from '../context.ts';
import { inSlices, isPostgres } from '../database/open.ts';
import type { ActivityRow, Trx } from '../database/schema.ts';
import { saidOf } from './actor.ts';
import { contentOf, sealWritten } from './chain.ts';
import { digestOf } from './digest.ts';

/** Something that was done. `before` and `after` are kept as digests alone. */
export type ActivityRecord = (OfEvent | OfChange) & {
  fieldId?: number;
  targetId?: number;
  subject?: string;
  count?: number;
  before?: string | null;
  after?: string | null;
};

/** What its name says; the kind follows from it. */
interface OfEvent {
  event: ActivityEvent;
}

/** A change that history keeps. */
interface OfChange {
  kind: 'value' | 'field' | 'target';
  historyId: number;
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

const whatOf = (record: OfEvent | OfChange) =>
  'event' in record
    ? { kind: activityEvents[record.event], event: record.event, historyId: null }
    : { kind: record.kind, event: null, historyId: record.historyId };

type Written = Omit<ActivityRow, 'id'>;

function rowOf(actor: Actor, record: ActivityRecord, at: string): Written {
  const digest = (json: string | null | undefined) =>
    json === null || json === undefined ? null : digestOf(actor, { fieldId: record.fieldId, json });
  const row = {
    at,
    ...whatOf(record),
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
