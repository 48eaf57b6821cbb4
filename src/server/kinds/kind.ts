import type { RawBuilder, SqlBool } from 'kysely';
import type { Output } from '#contract/endpoints';
import type { DataType } from '#contract/field';
import type { ListRow } from '#contract/list';
import type { Holder } from '#contract/plan';
import type { ErrorName } from '#contract/wire/errors';
import type { Context } from '../context.ts';
import type { Db } from '../database/schema.ts';
import type { searchColumns } from '../database/search.ts';

/** What differs between the types of targets. */
export interface Kind {
  /** Holds them; its texts are in the search index. */
  table: keyof typeof searchColumns;
  /** The column by which the wire names one. */
  identifier: 'userId' | 'code' | 'departmentId';
  /** Those of one namespace, where an identifier is another's elsewhere. */
  within?: (namespace: string) => RawBuilder<SqlBool>;
  /** Columns whose whole text a search finds, beside the texts of the index. */
  wholeIds: string[];
  /** The column of the tenant whose they are, qualified; null where they have none by their nature. */
  tenantColumn: string | null;
  notFound: ErrorName;
  /** What filters and sorts of a list may name, by wire name. */
  columns: ReadonlyMap<string, Column>;
  /** How people call those that meet a condition on the table, and how links do. */
  holders: (caller: Teller, which: RawBuilder<SqlBool>) => Promise<({ id: number } & Holder)[]>;
  /** Who the rows of a list are about, by internal id. */
  rows: (db: Db, ids: number[]) => Promise<{ row: Row; who: Who }[]>;
  /** One as the endpoint of its type gives it. */
  read: (caller: Teller, id: number) => Promise<Told>;
  /** What one in the trash stands in, to be locked before it comes back; undefined where that lies in the trash itself. */
  homeOf?: (db: Db, id: number) => Promise<Home | undefined>;
}

/** A built-in field as a filter sees it. */
export interface Column {
  /** Qualified, such as `users.email`. */
  column: string;
  dataType: DataType;
}

export type Teller = Pick<Context, 'rights'> & { db: Db };
type Row = { id: number; deletedAt: string | null };
type Who = Pick<ListRow, 'targetIdentifier' | 'namespace' | 'name' | 'note'>;
type WithoutValues<T> = T extends unknown ? Omit<T, 'customData' | 'memberships'> : never;
type Told = WithoutValues<Output<'getTarget'>>;

export interface Home {
  namespaceId?: number;
  rootId?: number;
}

/** What an answer tells of a target: all of it, or its ids alone to whoever lacks the right to read. */
export const disclosed = <T extends object>({ rights }: Pick<Context, 'rights'>, all: T, idsAlone: T): T =>
  rights.includes('read') ? all : idsAlone;
