import { type BuiltinField, builtinAsField, builtinFieldsOf } from '#contract/builtin';
import { type BaseFieldPatch, type Field, field } from '#contract/field';
import { ApiError } from '#contract/wire/errors';
import { issuesOf, nameIssue } from '#contract/wire/issue';
import type { Actor } from '../context.ts';
import { lockPool } from '../database/locks.ts';

import type { BaseFieldRow, Db, Trx } from '../database/schema.ts';
import { recordChanges } from '../record/history.ts';
import { findBaseFieldRows, upsertBaseField } from '../stores/fields.ts';
import { mergeI18n } from './judge.ts';

/** The built-in fields of users, with the administrators' changes. */
export async function findBaseFields(db: Db): Promise<Field[]> {
  const rows = await findBaseFieldRows(db);
  return builtinFieldsOf('USER').map((builtin) => baseField(builtin, rows.get(builtin.key)));
}

/** Changes name, translations, visibility and `userEditable` of built-in fields: the whole list or nothing. */
export async function setBaseFields(trx: Trx, actor: Actor, list: BaseFieldPatch[]): Promise<Field[]> {
  await lockPool(trx);
  const fields = new Map((await findBaseFields(trx)).map((known) => [known.key, known]));
  for (const [index, patch] of list.entries()) {
    const stored = fields.get(patch.key);
    if (!stored) throw new ApiError('fieldNotFound', [{ path: ['list', index, 'key'], name: 'notFound' }]);
    if (patch.version !== undefined && patch.version !== stored.version) {
      throw new ApiError('versionChanged', [{ path: ['list', index], name: 'versionChanged' }], { current: stored });
    }
    const parsed = field.safeParse(
      {
        ...stored,
        label: patch.label ?? stored.label,
        description: patch.description ?? stored.description,
        userEditable: patch.userEditable ?? stored.userEditable,
        visibleInAdminConsole: patch.visibleInAdminConsole ?? stored.visibleInAdminConsole,
        visibleInUserCenter: patch.visibleInUserCenter ?? stored.visibleInUserCenter,
        i18n: mergeI18n(
          stored,
          patch.i18n,
          { label: patch.label ?? stored.label, description: patch.description ?? stored.description, group: '' },
          patch.clearI18n,
        ),
      },
      { error: nameIssue },
    );
    if (!parsed.success) {
      throw new ApiError(
        'validation',
        issuesOf(parsed.error).map((issue) => ({ ...issue, path: ['list', index, ...issue.path] })),
      );
    }
    if (JSON.stringify(parsed.data) === JSON.stringify(stored)) continue;
    const next = { ...parsed.data, version: stored.version + 1 };
    await upsertBaseField(trx, toRow(next));
    await recordChanges(trx, actor, [{ kind: 'field', before: JSON.stringify(stored), after: JSON.stringify(next) }]);
    fields.set(patch.key, next);
  }
  return list.flatMap(({ key }) => fields.get(key) ?? []);
}

function baseField(builtin: BuiltinField, row: BaseFieldRow | undefined): Field {
  const known = builtinAsField(builtin, 'USER');
  if (!row) return known;
  return field.parse({
    ...known,
    label: row.label ?? known.label,
    i18n: { ...known.i18n, ...JSON.parse(row.i18n) },
    description: row.description,
    userEditable: row.userEditable === 1,
    visibleInAdminConsole: row.visibleInAdminConsole === 1,
    visibleInUserCenter: row.visibleInUserCenter === 1,
    version: row.version,
  });
}

function toRow(changed: Field): BaseFieldRow {
  return {
    key: changed.key,
    label: changed.label,
    description: changed.description,
    userEditable: Number(changed.userEditable),
    visibleInAdminConsole: Number(changed.visibleInAdminConsole),
    visibleInUserCenter: Number(changed.visibleInUserCenter),
    i18n: JSON.stringify(changed.i18n),
    version: changed.version,
  };
}
