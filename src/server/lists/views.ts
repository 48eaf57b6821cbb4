import { randomUUID } from 'node:crypto';
import { isReservedKey } from '#contract/builtin';
import type { Input } from '#contract/endpoints';
import { isProtected } from '#contract/field';
import { filtersOf, listLimits, nullOperators, type View, view, viewQueryOf } from '#contract/list';
import type { TargetType } from '#contract/target';
import { ApiError } from '#contract/wire/errors';
import { allSeen } from '../access/seen.ts';
import { spaceFor } from '../access/space.ts';
import { breather } from '../breather.ts';
import type { Context, WriteContext } from '../context.ts';
import { isPostgres } from '../database/open.ts';
import type { Trx, ViewRow } from '../database/schema.ts';
import { findFields, findFieldsLocked } from '../stores/fields.ts';

/**
 * The person's own views and shared ones. A view with a field that the person doesn't see is left out, because its
 * query discloses the field.
 */
export async function findViews(context: Context, input: Input<'listViews'>): Promise<View[]> {
  const staffId = staffOf(context);
  const { targetType } = input;
  const tenantId = await spaceFor(context, input.tenantId);
  const rows = await context.db
    .selectFrom('views')
    .selectAll()
    .where('tenantId', '=', tenantId)
    .where('targetType', '=', targetType)
    .where((either) => either.or([either('staffId', '=', staffId), either('shared', '=', 1)]))
    .orderBy('name')
    .orderBy('id')
    .execute();
  const all = await findFields(context.db, tenantId, targetType);
  const seen = new Set(allSeen(context, all).map(({ field }) => field.key));
  const living = new Set(all.map(({ field }) => field.key));
  const isDisclosed = (row: ViewRow) =>
    keysOf(row.query).every(
      (key) => isReservedKey(targetType, key) || seen.has(key) || (row.staffId === staffId && !living.has(key)),
    );
  const views: View[] = [];
  const breathe = breather();
  for (const stored of rows) {
    await breathe();
    const row = { ...stored, query: viewQueryOf(stored.query) };
    if (isDisclosed(row)) views.push(fromRow(row, staffId));
  }
  return views;
}

/** The fields that a list's query names. */
function keysOf(query: string): string[] {
  const params = new URLSearchParams(query);
  const columns = params.get('columns')?.split(',') ?? [];
  const sort = params.get('sort')?.replace(/^-/, '') ?? '';
  // `columns=` without a value names no column.
  return [...columns, sort, ...filtersOf(params).map(({ field }) => field)].filter((key) => key !== '');
}

/** Creates a view, or changes the caller's own view. Refuses a filter that contains a protected value, and any field that the caller doesn't see. */
export async function saveView(context: WriteContext, input: Input<'saveView'>): Promise<View> {
  const { db } = context;
  const staffId = staffOf(context);
  const { id, targetType, name } = input;
  const tenantId = await spaceFor(context, input.tenantId);
  // Whoever protects a field removes its values from views (vault/switch.ts). This lock keeps a save from running at
  // the same time.
  const fields = allSeen(context, await findFieldsLocked(db, tenantId, targetType, 'share'));
  if (!id) await requireRoom(db, { staffId, tenantId, targetType });
  const refuse = (name: 'fieldUnknown' | 'operatorNotPossible' | 'malformed' | 'tooMany', limit?: number) => {
    throw new ApiError('validation', [{ path: ['query'], name, ...(limit && { limit: String(limit) }) }]);
  };
  // What isn't understood can't be checked now, nor removed when a field is encrypted.
  const query = viewQueryOf(input.query);
  const filtersIn = (text: string) => new URLSearchParams(text).getAll('filter').length;
  if (filtersIn(query) < filtersIn(input.query)) refuse('malformed');
  if (filtersIn(query) > listLimits.filters) refuse('tooMany', listLimits.filters);
  const known = new Map(fields.map(({ field }) => [field.key, field]));
  if (keysOf(query).some((key) => !known.has(key) && !isReservedKey(targetType, key))) refuse('fieldUnknown');
  for (const { field: key, operator } of filtersOf(new URLSearchParams(query))) {
    const asked = known.get(key);
    // A view never stores a protected value, even one that the caller typed.
    if (asked && isProtected(asked) && !nullOperators.includes(operator)) refuse('operatorNotPossible');
  }
  const changed = { name, query, shared: Number(input.shared) };
  if (id) {
    await requireOwn(context, id, { tenantId, targetType });
    await db.updateTable('views').set(changed).where('id', '=', id).execute();
    return view.parse({ ...changed, targetType, id, shared: input.shared, isMine: true });
  }
  const row = { ...changed, targetType, id: randomUUID(), staffId, tenantId, createdAt: new Date().toISOString() };
  await db.insertInto('views').values(row).execute();
  return fromRow(row, staffId);
}

/** Everybody's menu has the shared ones, so nobody fills it alone. */
async function requireRoom(
  db: Trx,
  { staffId, tenantId, targetType }: Pick<ViewRow, 'staffId' | 'tenantId' | 'targetType'>,
) {
  // One save of a person after another; their sign-ins don't wait, nor does anybody else.
  const own = db.selectFrom('staff').select('id').where('id', '=', staffId);
  await (isPostgres(db) ? own.forNoKeyUpdate() : own).execute();
  const { count } = await db
    .selectFrom('views')
    .select((of) => of.fn.countAll<number>().as('count'))
    .where('staffId', '=', staffId)
    .where('tenantId', '=', tenantId)
    .where('targetType', '=', targetType)
    .executeTakeFirstOrThrow();
  if (count >= listLimits.views)
    throw new ApiError('validation', [{ path: [], name: 'tooMany', limit: String(listLimits.views) }]);
}

export async function deleteView(context: WriteContext, id: string): Promise<void> {
  await requireOwn(context, id);
  await context.db.deleteFrom('views').where('id', '=', id).execute();
}

/** Refuses another person's view, and a view of another tenant or target type. */
async function requireOwn(
  context: WriteContext,
  id: string,
  place: Partial<Pick<ViewRow, 'tenantId' | 'targetType'>> = {},
): Promise<void> {
  const row = await context.db
    .selectFrom('views')
    .select(['staffId', 'tenantId', 'targetType'])
    .where('id', '=', id)
    .executeTakeFirst();
  const { tenantId = row?.tenantId, targetType = row?.targetType } = place;
  if (!row || row.tenantId !== tenantId || row.targetType !== targetType)
    throw new ApiError('notFound', [{ path: ['id'], name: 'notFound' }]);
  if (row.staffId !== staffOf(context)) throw new ApiError('forbidden');
}

function fromRow({ id, targetType, name, query, shared, staffId }: ViewRow, viewer: string): View {
  return { id, targetType: targetType as TargetType, name, query, shared: shared === 1, isMine: staffId === viewer };
}

/** Only people who sign in have views. */
function staffOf({ actor }: Pick<Context, 'actor'>): string {
  if (actor.kind !== 'staff') throw new ApiError('forbidden');
  return actor.id;
}
