import type { TargetReference } from '#contract/target';
import { recordDeeds } from '../activity/store.ts';
import { releaseAll } from '../claims.ts';
import type { Actor, Server } from '../context.ts';
import { transact } from '../database/open.ts';
import { findTarget } from '../directory/targets.ts';
import { forgetPages } from './sealing.ts';

/**
 * Erases a person, as the law may ask: the key of their values is destroyed, so that whatever was sealed with it can be
 * read nowhere any more, backups included; what stands in clear about them is removed. The activity goes on naming what
 * was done, by digests, and its chain stays whole.
 */
export async function eraseUser(server: Server, actor: Actor, userId: string): Promise<void> {
  const reference: TargetReference = { targetType: 'USER', targetIdentifier: userId };
  await transact(server.database, async (trx) => {
    const { id } = await findTarget(trx, reference);
    const row = await trx.selectFrom('users').selectAll().where('id', '=', id).executeTakeFirstOrThrow();
    const kept = new Set(['id', 'userId', 'createdAt', 'gender', 'status', 'workStatus', 'userSourceType']);
    const blank = Object.entries(row).flatMap(([key, value]) =>
      kept.has(key) || typeof value === 'number' ? [] : [[key, null] as const],
    );
    const now = new Date().toISOString();
    await trx
      .updateTable('users')
      .set({ ...Object.fromEntries(blank), updatedAt: now, deletedAt: now })
      .where('id', '=', id)
      .execute();
    await trx.deleteFrom('targetKeys').where('targetId', '=', id).execute();
    await trx.deleteFrom('fieldValues').where('targetId', '=', id).execute();
    await trx.deleteFrom('drafts').where('targetId', '=', id).execute();
    await trx.deleteFrom('departmentMembers').where('userId', '=', id).execute();
    await trx.deleteFrom('history').where('targetId', '=', id).execute();
    await releaseAll(trx, [id]);
    await recordDeeds(trx, actor, [{ kind: 'target', event: 'erased', targetId: id }]);
  });
  await forgetPages(server);
}
