import { type RawBuilder, type SqlBool, sql } from 'kysely';
import { z } from 'zod';
import type { Input, Output } from '#contract/endpoints';
import type { ListRow } from '#contract/list';
import { ApiError } from '#contract/wire/errors';
import { parseJson } from '#contract/wire/scalars';
import { disclosesValues, fieldsFor, type Seen, valuesFor } from '../access/seen.ts';
import { spaceFor } from '../access/space.ts';
import type { Context } from '../context.ts';
import { isPostgres } from '../database/open.ts';
import type { Db } from '../database/schema.ts';
import { kinds } from '../kinds/kinds.ts';
import { condition } from '../search/filters.ts';
import { bearing } from '../search/search.ts';
import { findWords } from './found.ts';
import { type Order, orderOf } from './order.ts';
import { rowsOf } from './rows.ts';

type Selection = Input<'countTargets'>;

/** How many targets a list has on all its pages. */
export async function countTargets(context: Context, selection: Selection): Promise<number> {
  const { table, conditions } = await select(context, selection);
  const { rows } = await sql<{ count: number }>`
    select count(*) as count from ${sql.table(table)} where ${all(conditions)}`.execute(context.db);
  return Number(rows[0]?.count ?? 0);
}

/**
 * A page of a list. It starts where the cursor's page ended, so a far page costs as much as the first one. Rows with
 * the sort value come first, in index order; rows without it follow, by id.
 */
export async function listTargets(context: Context, input: Input<'listTargets'>): Promise<Output<'listTargets'>> {
  const { db } = context;
  const { table, conditions, custom, isNarrow } = await select(context, input);
  const limit = input.limit ?? 20;
  const isEnd = input.cursor === 'end';
  const from = input.cursor && !isEnd ? readCursor(context.secrets, input.cursor) : undefined;
  const order = orderOf(context, input, custom, from?.order);
  if (from && from.order !== order.name) refuseCursor();
  const isBack = isEnd || from?.back === true;
  let skip = from || isEnd ? 0 : ((input.page ?? 1) - 1) * limit;

  const found: Place[] = [];
  const phases = isBack ? phasesOf(order).reverse() : phasesOf(order);
  for (const phase of phases) {
    if (from && phases.indexOf(phase) < phases.indexOf(from.phase)) continue;
    const wanted = limit + 1 - found.length;
    if (wanted <= 0) break;
    const after = from?.phase === phase ? from : undefined;
    const places = await placesOf(db, {
      table,
      conditions,
      order,
      phase,
      isNarrow,
      after,
      isBack,
      limit: wanted,
      skip,
    });
    found.push(...places);
    if (skip) {
      // The next phase skips what remains of the offset.
      skip = places.length
        ? 0
        : Math.max(0, skip - (await phaseCount(db, { table, conditions, order, phase, isNarrow })));
    }
  }
  const hasMore = found.length > limit;
  const page = found.slice(0, limit);
  if (isBack) page.reverse();
  const [first, last] = [page[0], page.at(-1)];
  const isFirst = isBack ? !hasMore : !from && (input.page ?? 1) === 1;
  const isLast = isBack ? isEnd || !from : !hasMore;
  return {
    list: await tell(
      context,
      input,
      custom,
      page.map(({ id }) => id),
    ),
    next: last && !isLast ? writeCursor(context.secrets, { ...last, back: false }, order.name) : null,
    previous: first && !isFirst ? writeCursor(context.secrets, { ...first, back: true }, order.name) : null,
  };
}

/** The rows of a page, in the order of their ids. */
async function tell(
  context: Context,
  { targetType, keywords, columns = [] }: Input<'listTargets'>,
  custom: Seen[],
  ids: number[],
): Promise<ListRow[]> {
  const { db } = context;
  const fields = custom.filter(({ field }) => columns.includes(field.key));
  const values = await valuesFor(context, fields, ids);
  const rows = await rowsOf(db, { targetType, ids, columns });
  const words = keywords?.trim();
  const found = words ? await findWords(db, rows, { targetType, words, custom: custom.filter(disclosesValues) }) : null;
  return ids.flatMap((id): ListRow[] => {
    const [row, where] = [rows.get(id), found?.get(id)];
    return row ? [{ ...row, ...(where && { found: where }), cells: { ...row.cells, ...values.get(id) } }] : [];
  });
}

/** The conditions of a selection. Throws `validation` at a filter that isn't possible. */
async function select(context: Context, { targetType, keywords, namespace, filters, tenantId, trash }: Selection) {
  const { db } = context;
  const space = await spaceFor(context, tenantId);
  const custom = await fieldsFor(context, space, targetType);
  const { table, columns, tenantColumn, within } = kinds[targetType];
  const conditions: RawBuilder<SqlBool>[] = [
    sql<SqlBool>`${sql.ref(`${table}.deletedAt`)} is ${trash ? sql`not null` : sql`null`}`,
  ];
  if (tenantColumn) conditions.push(sql<SqlBool>`${sql.ref(tenantColumn)} = ${space}`);
  if (within && namespace) conditions.push(within(namespace));
  const words = keywords?.trim();
  // A protected value is found by a filter only, which is counted.
  const told = custom.filter(disclosesValues);
  if (words) conditions.push(bearing(db, targetType, words, told));
  const searchable = { idColumn: `${table}.id`, columns, custom };
  for (const [index, item] of (filters ?? []).entries()) {
    conditions.push(await condition(context, item, ['filters', index], searchable));
  }
  // Whether few rows may match. The query then finds and sorts them instead of walking an index in order.
  return { table, conditions, custom, isNarrow: Boolean(words || filters?.length || trash) };
}

const all = (conditions: RawBuilder<SqlBool>[]) => sql.join(conditions, sql` and `);

/** Rows with a sort value, then rows without one. */
const phases = ['set', 'unset'] as const;
type Phase = (typeof phases)[number];
const phasesOf = ({ isTotal }: Order): Phase[] => (isTotal ? ['set'] : [...phases]);

interface Place {
  phase: Phase;
  key: string | number | null;
  id: number;
}

interface PhaseQuery {
  table: string;
  conditions: RawBuilder<SqlBool>[];
  order: Order;
  phase: Phase;
  isNarrow: boolean;
}

/** The tables and conditions of a phase. */
function sourceOf({ table, conditions, order: { key, beside, isTotal }, phase, isNarrow }: PhaseQuery) {
  const home = sql.table(table);
  const id = sql.ref(`${table}.id`);
  if (!beside) {
    const own = isTotal ? [] : [sql<SqlBool>`${key} is ${phase === 'set' ? sql`not null` : sql`null`}`];
    return { from: home, where: all([...conditions, ...own]) };
  }
  const its = sql<SqlBool>`${id} = ${beside.id}`;
  if (phase === 'set') {
    // SQLite runs a cross join in the written order: from the index of keys to the targets, or the other way round.
    const from = isNarrow ? sql`${home} cross join ${beside.table}` : sql`${beside.table} cross join ${home}`;
    return { from, where: all([beside.holds, its, ...conditions]) };
  }
  const none = sql<SqlBool>`not exists (select 1 from ${beside.table} where ${its} and ${beside.holds})`;
  return { from: home, where: all([...conditions, none]) };
}

async function placesOf(
  db: Db,
  query: PhaseQuery & { after: Place | undefined; isBack: boolean; limit: number; skip: number },
): Promise<Place[]> {
  const { table, order, phase, isNarrow, after, isBack, limit, skip } = query;
  const { from, where } = sourceOf(query);
  // The plus stops SQLite from walking the index in order. PostgreSQL decides by its statistics.
  const key = isNarrow && !isPostgres(db) ? sql`+${order.key}` : order.key;
  const hasKey = phase === 'set';
  const id = (hasKey && order.beside?.id) || sql.ref(`${table}.id`);
  const downwards = order.descending !== isBack;
  const [beyond, direction] = downwards ? [sql`<`, sql`desc`] : [sql`>`, sql`asc`];
  const place = hasKey
    ? sql`(${key}, ${id}) ${beyond} (${after?.key}, ${after?.id})`
    : sql`${id} ${beyond} ${after?.id}`;
  const { rows } = await sql<{ id: number; key: string | number | null }>`
    select ${id} as id, ${hasKey ? key : sql`null`} as key from ${from}
    where ${where} ${after ? sql`and ${place}` : sql``}
    order by ${hasKey ? sql`${key} ${direction}, ` : sql``}${id} ${direction}
    limit ${limit} offset ${skip}`.execute(db);
  return rows.map((row) => ({ phase, key: row.key, id: Number(row.id) }));
}

async function phaseCount(db: Db, query: PhaseQuery): Promise<number> {
  const { from, where } = sourceOf(query);
  const { rows } = await sql<{ count: number }>`select count(*) as count from ${from} where ${where}`.execute(db);
  return Number(rows[0]?.count ?? 0);
}

const cursor = z.tuple([
  z.string(),
  z.enum(phases),
  z.union([z.string(), z.number(), z.null()]),
  z.number().int(),
  z.boolean(),
]);

type Secrets = Context['secrets'];

/** Signs a cursor, so that the database compares rows only with values that it returned itself, in their type. */
function writeCursor(secrets: Secrets, { phase, key, id, back }: Place & { back: boolean }, order: string): string {
  const said = Buffer.from(JSON.stringify([order, phase, key, id, back])).toString('base64url');
  return `${said}.${secrets.digest('cursor', said)}`;
}

function readCursor(secrets: Secrets, sent: string): Place & { back: boolean; order: string } {
  const [said = '', digest] = sent.split('.');
  const isOurs = digest === secrets.digest('cursor', said);
  const parsed = cursor.safeParse(isOurs && parseJson(Buffer.from(said, 'base64url').toString()));
  const [order, phase, key, id, back] = parsed.data ?? refuseCursor();
  return { order, phase, key, id, back };
}

function refuseCursor(): never {
  throw new ApiError('validation', [{ path: ['cursor'], name: 'malformed' }]);
}
