import { z } from 'zod';
import type { Sent } from './endpoints.ts';
import { dataType, type FieldDefinition, fieldKey, fieldPatch, precisions, textParts } from './field.ts';
import { masks } from './mask.ts';
import type { SentPlan } from './plan.ts';
import { type TargetType, targetType } from './target.ts';
import type { Translations } from './translation.ts';
import { languages } from './wire/language.ts';

/**
 * The definitions of one target type as a file. It has no dates and ids and a fixed order, so two files can be
 * compared.
 */
export const fieldFile = z.object({
  fieldbook: z.literal(1),
  targetType,
  fields: z
    .array(
      z.strictObject({
        key: fieldKey,
        dataType,
        label: fieldPatch.shape.label,
        description: fieldPatch.shape.description,
        group: fieldPatch.shape.group,
        isUnique: z.boolean().optional(),
        precision: z.enum(precisions).optional(),
        encrypted: z.boolean().optional(),
        desensitization: z.boolean().optional(),
        mask: z.enum(masks).optional(),
        userEditable: z.boolean().optional(),
        visibleInAdminConsole: z.boolean().optional(),
        visibleInUserCenter: z.boolean().optional(),
        validateRules: fieldPatch.shape.validateRules,
        appIds: fieldPatch.shape.appIds,
        i18n: fieldPatch.shape.i18n,
        options: fieldPatch.shape.options,
      }),
    )
    .max(1_000),
});
export type FieldFile = z.input<typeof fieldFile>;

type FileField = FieldFile['fields'][number];

export function fileOf(type: TargetType, fields: FieldDefinition[]): FieldFile {
  return { fieldbook: 1, targetType: type, fields: fields.map(toFile) };
}

/** The text of a file. The same fields give the same bytes. */
export const writeFile = (file: FieldFile) => `${JSON.stringify(file, null, 2)}\n`;

/**
 * The plan that brings the stored fields to the state of the file, and the stored fields that the file doesn't name.
 */
export function planOfFile(
  file: FieldFile,
  stored: FieldDefinition[],
  prune: boolean,
): { request: SentPlan; unnamed: string[] } {
  const named = new Set(file.fields.map(({ key }) => key));
  const unnamed = stored.filter(({ key }) => !named.has(key)).map(({ key }) => key);
  const known = new Set(stored.map(({ key }) => key));
  const type = file.targetType as TargetType;
  return {
    unnamed,
    request: {
      changes: file.fields.map((field) => patchOfFile(type, field, known.has(field.key))),
      deletions: prune ? unnamed.map((key) => ({ targetType: type, key })) : [],
      // Fields that the file doesn't name come after the fields that it names.
      order: { targetType: type, keys: file.fields.map(({ key }) => key) },
    },
  };
}

/** A file is the full definition of a field: a text that it doesn't have is removed. */
function patchOfFile(type: TargetType, field: FileField, exists: boolean): Sent<'setCustomFields'>['list'][number] {
  const { i18n, ...rest } = field;
  return {
    ...rest,
    targetType: type,
    create: !exists,
    description: field.description ?? '',
    group: field.group ?? '',
    mask: field.mask ?? 'ALL',
    validateRules: field.validateRules ?? [],
    i18n: { label: whole(i18n?.label), description: whole(i18n?.description), group: whole(i18n?.group) },
    clearI18n: true,
    ...(field.options !== undefined && { options: (field.options as FileOption[]).map(toPatch) }),
  };
}

interface FileOption {
  value: string;
  label: string;
  i18n?: { label: Partial<Translations> };
}

const toPatch = ({ value, label, i18n }: FileOption) => ({ value, label, i18n: { label: whole(i18n?.label) } });

type SomeTexts = Partial<
  Record<keyof Translations, { enabled?: unknown; value?: string; source?: string } | undefined>
>;

function whole(texts: SomeTexts | null | undefined) {
  return Object.fromEntries(
    languages.map((language) => [language, texts?.[language] ?? { enabled: false, value: '' }]),
  ) as Translations;
}

function toFile(field: FieldDefinition): FileField {
  const i18n = Object.fromEntries(
    textParts.flatMap((part) => {
      const texts = said(field.i18n[part]);
      return texts ? [[part, texts]] : [];
    }),
  );
  return {
    key: field.key,
    dataType: field.dataType,
    label: field.label,
    ...(field.description && { description: field.description }),
    ...(field.group && { group: field.group }),
    ...(field.isUnique && { isUnique: true }),
    ...('precision' in field && { precision: field.precision }),
    ...(field.encrypted && { encrypted: true }),
    ...(field.desensitization && { desensitization: true }),
    ...(field.mask !== 'ALL' && { mask: field.mask }),
    userEditable: field.userEditable,
    visibleInAdminConsole: field.visibleInAdminConsole,
    visibleInUserCenter: field.visibleInUserCenter,
    ...(field.validateRules.length && {
      validateRules: field.validateRules.map(({ type, content, error, i18n }) => ({
        type,
        content,
        error,
        ...(i18n && said(i18n.error) && { i18n: { error: said(i18n.error) } }),
      })),
    }),
    ...(field.appIds.length && { appIds: field.appIds }),
    ...(Object.keys(i18n).length && { i18n }),
    ...('options' in field && {
      options: field.options.map(({ value, label: text, i18n }) => ({
        value,
        label: text,
        ...(i18n && said(i18n.label) && { i18n: { label: said(i18n.label) } }),
      })),
    }),
  };
}

/** The languages that have a text, in the usual order. */
function said(texts: Translations): Partial<Translations> | undefined {
  const found = languages.filter((language) => texts[language].value || texts[language].enabled);
  if (!found.length) return undefined;
  return Object.fromEntries(
    found.map((language) => {
      const { enabled, value, source } = texts[language];
      return [language, { enabled, value, ...(source !== undefined && { source }) }];
    }),
  );
}
