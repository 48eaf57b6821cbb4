import { randomUUID } from 'node:crypto';
import type { Input } from '#contract/endpoints';
import { ApiError } from '#contract/errors';
import { isProtected } from '#contract/field';
import { filtersOf, type View, view } from '#contract/list';
import type { TargetType } from '#contract/target';
import { fieldsFor, see } from '../access.ts';
import type { Context, WriteContext } from '../context.ts';
import type { ViewRow } from '../database/schema.ts';
import { spaceFor } from '../directory/tenants.ts';
import { findFields } from '../fields/store.ts';

export async function findViews(context: Context, input: Input<'listViews'>): Promise<View[]> {
  const staffId = staffOf(context);
  const rows = await context.db
    .selectFrom('views')
    .selectAll()
    .where('tenantId', '=', await spaceFor(context, input.tenantId))
    .where('targetType', '=', input.targetType)
    .where((either) => either.or([either('staffId', '=', staffId), either('shared', '=', 1)]))
    .orderBy('name')
    .orderBy('id')
    .execute();
  // What a view is about mustn't tell of a field that its reader doesn't see.
  const all = await findFields(context.db, await spaceFor(context, input.tenantId), input.targetType);
  const hidden = new Set(all.filter((stored) => !see(context, stored)).map(({ field }) => field.key));
  return rows.filter(({ query }) => !keysOf(query).some((key) => hidden.has(key))).map((row) => fromRow(row, staffId));
}

/** The fields that a list's query names. */
function keysOf(query: string): string[] {
  const params = new URLSearchParams(query);
  const columns = params.get('columns')?.split(',') ?? [];
  return [...columns, params.get('sort')?.replace(/^-/, '') ?? '', ...filtersOf(params).map(({ field }) => field)];
}

/** Makes a view, or changes one's own. A filter that would tell a protected value is refused. */
export async function saveView(context: WriteContext, input: Input<'saveView'>): Promise<View> {
  const { db } = context;
  const staffId = staffOf(context);
  const tenantId = await spaceFor(context, input.tenantId);
  const fields = await fieldsFor(context, tenantId, input.targetType);
  for (const { field, operator } of filtersOf(new URLSearchParams(input.query))) {
    const asked = fields.find((seen) => seen.field.key === field);
    // A protected value isn't kept in a view, be it one that somebody asked for.
    if (asked && isProtected(asked.field) && operator !== 'IS_NULL' && operator !== 'NOT_NULL')
      throw new ApiError('validation', [{ path: ['query'], name: 'operatorNotPossible' }]);
  }
  const { targetType, name, query } = input;
  const changed = { targetType, name, query, shared: Number(input.shared) };
  if (input.id) {
    await requireOwn(context, input.id);
    await db.updateTable('views').set(changed).where('id', '=', input.id).execute();
    return view.parse({ ...changed, id: input.id, shared: input.shared, isMine: true });
  }
  const row = { ...changed, id: randomUUID(), staffId, tenantId, createdAt: new Date().toISOString() };
  await db.insertInto('views').values(row).execute();
  return fromRow(row, staffId);
}

export async function deleteView(context: WriteContext, id: string): Promise<void> {
  await requireOwn(context, id);
  await context.db.deleteFrom('views').where('id', '=', id).execute();
}

async function requireOwn(context: WriteContext, id: string): Promise<void> {
  const row = await context.db.selectFrom('views').select('staffId').where('id', '=', id).executeTakeFirst();
  if (!row) throw new ApiError('notFound');
  if (row.staffId !== staffOf(context)) throw new ApiError('forbidden');
}

function fromRow({ id, targetType, name, query, shared, staffId }: ViewRow, viewer: string): View {
  return { id, targetType: targetType as TargetType, name, query, shared: shared === 1, isMine: staffId === viewer };
}

/** Views are of people who sign in. */
function staffOf({ actor }: Pick<Context, 'actor'>): string {
  if (actor.kind !== 'staff') throw new ApiError('forbidden');
  return actor.id;
}
