import { builtinFieldsOf } from '#contract/builtin';
import { endpoints, type Input, type Output } from '#contract/endpoints';
import { isEditable, type TargetReference, type TargetType } from '#contract/target';
import { value } from '#contract/value';
import { ApiError } from '#contract/wire/errors';
import { fieldsFor } from '../access/seen.ts';
import { spaceFor } from '../access/space.ts';
import type { WriteContext } from '../context.ts';
import { hiddenFrom } from '../history/entries.ts';
import { findLastOfFields, findRequest, type StoredChange } from '../history/store.ts';
import { kinds } from '../kinds/kinds.ts';
import type { Target } from '../stores/values.ts';
import { lockNamed } from '../targets.ts';
import { type SentValue, setValues } from '../values/service.ts';
import { updateDepartment } from './departments.changes.ts';
import { updateGroup } from './groups.ts';
import { updateRole } from './roles.ts';
import { updateUser } from './users.changes.ts';

/**
 * Takes back what one request changed of a target, or of one of its fields: each has the value before again, also one
 * that the caller isn't told. What was changed since is kept.
 */
export async function undoChange(
  context: WriteContext,
  { request, key, tenantId, ...reference }: Input<'undoChange'>,
): Promise<Output<'undoChange'>> {
  const space = await spaceFor(context, tenantId);
  const target = await lockNamed(context, reference);
  const hidden = await hiddenFrom(context, context.db);
  const rows = await findRequest(context.db, target.id, { tenantId: space, request, hidden });
  const builtin = await formerFields(context, target, rows, key);
  const custom = await formerValues(context, target, { rows, key, space });
  if (custom.list.length && !context.rights.includes('write'))
    throw new ApiError('forbidden', [{ path: ['request'], name: 'needsWriteRight' }]);
  if (Object.keys(builtin.patch).length) await updates[target.targetType](context, reference, builtin.patch);
  if (custom.list.length) await setValues(context, target, custom.list);
  return {
    undone: [...Object.keys(builtin.patch), ...custom.list.map((one) => one.key)],
    kept: [...builtin.kept, ...custom.kept],
  };
}

/** The values that the target had before, and the fields that changed since. */
async function formerValues(
  context: WriteContext,
  { id: targetId, targetType }: Target,
  { rows, key, space }: { rows: StoredChange[]; key: string | undefined; space: string },
): Promise<{ list: SentValue[]; kept: string[] }> {
  const fields = new Map((await fieldsFor(context, space, targetType)).map((seen) => [seen.id, seen.field.key]));
  // The first row of a field has what was before the request.
  const first = new Map<number, StoredChange>();
  for (const row of rows) {
    const named = row.kind === 'value' && row.fieldId !== null ? fields.get(row.fieldId) : undefined;
    if (row.fieldId === null || named === undefined || (key !== undefined && named !== key)) continue;
    if (!first.has(row.fieldId)) first.set(row.fieldId, row);
  }
  const last = await findLastOfFields(context.db, targetId, [...first.keys()]);
  const mine = new Set(rows.map(({ id }) => id));
  const texts = await context.vault.open(
    context.db,
    [...first.values()].map(({ fieldId, before }) => ({ fieldId: fieldId ?? 0, targetId, text: before ?? 'null' })),
  );
  const list: SentValue[] = [];
  const kept: string[] = [];
  for (const [at, fieldId] of [...first.keys()].entries()) {
    const [named, text] = [fields.get(fieldId) ?? '', texts[at]];
    if (!text || !mine.has(last.get(fieldId) ?? 0)) kept.push(named);
    else
      list.push({
        key: named,
        value: value.nullable().parse(JSON.parse(text)),
        tenantId: space,
        path: [],
        isFormer: true,
      });
  }
  return { list, kept };
}

/** The built-in fields as they were before, and those that changed since or that nobody edits. */
async function formerFields(
  { db }: WriteContext,
  { id, targetType }: Target,
  rows: StoredChange[],
  key: string | undefined,
): Promise<{ patch: Record<string, unknown>; kept: string[] }> {
  const now: Record<string, unknown> = await db
    .selectFrom(kinds[targetType].table)
    .selectAll()
    .where('id', '=', id)
    .executeTakeFirstOrThrow();
  const builtin = builtinFieldsOf(targetType);
  const patch: Record<string, unknown> = {};
  const kept: string[] = [];
  for (const { kind, before, after } of rows) {
    if (kind !== 'target' || before === null) continue;
    const [was, is]: Record<string, unknown>[] = [JSON.parse(before), JSON.parse(after ?? '{}')];
    for (const name of Object.keys(was ?? {})) {
      const field = builtin.find((one) => one.key === name);
      if (!field || (key !== undefined && name !== key)) continue;
      if (!isEditable(targetType, name) || now[name] !== is?.[name]) kept.push(name);
      else patch[name] = field.dataType === 'BOOLEAN' ? was?.[name] === 1 : was?.[name];
    }
  }
  return { patch, kept };
}

const updates: Record<
  TargetType,
  (context: WriteContext, reference: TargetReference, patch: Record<string, unknown>) => Promise<unknown>
> = {
  USER: (context, { targetIdentifier: userId }, patch) =>
    updateUser(context, endpoints.updateUser.input.parse({ userId, ...patch })),
  ROLE: (context, { targetIdentifier: code, namespace }, patch) =>
    updateRole(context, endpoints.updateRole.input.parse({ code, namespace, ...patch })),
  GROUP: (context, { targetIdentifier: code }, patch) =>
    updateGroup(context, endpoints.updateGroup.input.parse({ code, ...patch })),
  async DEPARTMENT(context, reference, patch) {
    const { organizationCode } = await context.db
      .selectFrom('departments')
      .innerJoin('departments as root', 'root.id', 'departments.rootId')
      .select('root.organizationCode')
      .where('departments.departmentId', '=', reference.targetIdentifier)
      .executeTakeFirstOrThrow();
    const input = { organizationCode, departmentId: reference.targetIdentifier, ...patch };
    return updateDepartment(context, endpoints.updateDepartment.input.parse(input));
  },
};
