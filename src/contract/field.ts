import { z } from 'zod';
import { masks } from './mask.ts';
import { faultOf, instructionsOf, rule, sentRules } from './rule.ts';
import { type TargetType, targetType, targetTypes } from './target.ts';
import { noTranslations, sentTranslations, type Translations, textOf, translations } from './translation.ts';
import { issue } from './wire/issue.ts';
import { type Language, languages } from './wire/language.ts';
import { mostInstructions } from './wire/pattern.ts';
import { flag, parseJson, storable, tenantId, word } from './wire/scalars.ts';

export const dataTypes = ['STRING', 'NUMBER', 'DATETIME', 'BOOLEAN', 'ENUM'] as const;
export type DataType = (typeof dataTypes)[number];

/** Older SDKs and the list filter use SELECT for ENUM. */
export const dataType = z.preprocess(
  (value) => (value === 'SELECT' ? 'ENUM' : typeof value === 'string' ? value.trim() : value),
  z.enum(dataTypes),
);

export const precisions = ['instant', 'day'] as const;

/**
 * A role's access to the values of a field: none, or read only. A role that isn't listed can edit, if it has `write`.
 */
export const accesses = ['hidden', 'read'] as const;
const access = z.record(z.string().max(64), z.enum(accesses));
export const limits = {
  label: 128,
  description: 512,
  group: 128,
  optionValue: 128,
  optionLabel: 256,
  options: 20_000,
  /** Of all fields of a target type together, inactive ones included. */
  optionsOfSpace: 100_000,
  fields: 1_000,
  text: 65_536,
  appId: 128,
};

export const fieldKey = z.string().regex(/^[A-Za-z_][\w$-]{0,63}$/, { error: issue('keyFormat') });

const label = storable.min(1).max(limits.label);
/** The texts of a field that have translations, apart from those of its options and rules. */
export const textParts = ['label', 'description', 'group'] as const;
export type TextPart = (typeof textParts)[number];

const i18n = z.object({ label: translations, description: translations, group: translations });
const option = z.object({
  value: storable.min(1, { error: issue('optionValueRequired') }).max(limits.optionValue),
  label: storable.min(1, { error: issue('optionLabelRequired') }).max(limits.optionLabel),
  i18n: z.object({ label: translations }).optional(),
});

const identity = { targetType: z.enum(targetTypes), key: fieldKey };
const common = {
  label,
  description: storable.max(limits.description),
  /** The section of the field in forms. Fields without a section come first. */
  group: storable.max(limits.group),
  encrypted: z.boolean(),
  desensitization: z.boolean(),
  /** The part of a protected value that stays visible. */
  mask: z.enum(masks),
  /** By the id of a console role. Only a caller who can define fields receives it. */
  access,
  userEditable: z.boolean(),
  visibleInAdminConsole: z.boolean(),
  visibleInUserCenter: z.boolean(),
  validateRules: z.array(rule).max(20),
  appIds: z.array(z.string()).max(50),
  i18n: i18n.superRefine(requireTextWhereEnabled),
};
const options = z.array(option).max(limits.options).superRefine(requireOwnValues);
const precision = z.enum(precisions);

const variants = {
  STRING: { isUnique: z.boolean() },
  NUMBER: { isUnique: z.boolean() },
  DATETIME: { isUnique: z.literal(false), precision },
  BOOLEAN: { isUnique: z.literal(false) },
  ENUM: { isUnique: z.literal(false), options, retiredOptions: z.array(option) },
} as const;

const variant = <T extends DataType>(type: T) =>
  z.object({ ...identity, ...common, dataType: z.literal(type), ...variants[type] });

/** The schema of a field. It validates every definition, from every client. */
export const fieldDefinition = z
  .discriminatedUnion('dataType', [
    variant('STRING'),
    variant('NUMBER'),
    variant('DATETIME'),
    variant('BOOLEAN'),
    variant('ENUM'),
  ])
  .superRefine(requireSoundRules);
export type FieldDefinition = z.output<typeof fieldDefinition>;
export type FieldOption = z.output<typeof option>;

const stamps = { createdAt: z.string().optional(), updatedAt: z.string().optional(), version: z.number() };
const stored = <T extends DataType>(type: T) => variant(type).extend(stamps);

/** A definition in an answer: with its dates and the `version` that guards a change. Built-in fields have no dates. */
export const field = z.discriminatedUnion('dataType', [
  stored('STRING'),
  stored('NUMBER'),
  stored('DATETIME'),
  stored('BOOLEAN'),
  stored('ENUM'),
]);
export type Field = z.output<typeof field>;

export const sentI18n = z.object({
  label: sentTranslations(limits.label).optional(),
  description: sentTranslations(limits.description).optional(),
  group: sentTranslations(limits.group).optional(),
});
export type SentI18n = z.output<typeof sentI18n>;

/** Some SDKs send JSON as text. Null counts as absent. */
const fromText = (value: unknown) => (typeof value === 'string' ? (parseJson(value) ?? value) : (value ?? undefined));

export const sentOption = z.object({
  value: option.shape.value,
  label: option.shape.label,
  i18n: z.object({ label: sentTranslations(limits.optionLabel) }).nullish(),
});

// No defaults here: the call is an upsert, and an absent property stays unchanged.
const patchable = {
  label: label.nullish(),
  description: storable.max(limits.description).nullish(),
  group: storable.max(limits.group).nullish(),
  encrypted: flag.nullish(),
  desensitization: flag.nullish(),
  mask: word(masks).nullish(),
  access: access.nullish(),
  userEditable: flag.nullish(),
  visibleInAdminConsole: flag.nullish(),
  visibleInUserCenter: flag.nullish(),
  validateRules: sentRules,
  appIds: z.array(storable.max(limits.appId)).max(50).nullish(),
  i18n: sentI18n.nullish(),
  clearI18n: flag.optional(),
  isUnique: flag.nullish(),
  precision: word(precisions).nullish(),
  version: z.number().int().optional(),
};

/**
 * What a client can send for a field: its identity and the changes. `create` and `clearI18n` are Fieldbook extensions.
 */
export const fieldPatch = z.object({
  targetType,
  key: fieldKey,
  dataType: dataType.nullish(),
  options: z.preprocess(fromText, z.array(sentOption).max(limits.options).superRefine(requireOwnValues).optional()),
  create: flag.optional(),
  tenantId,
  ...patchable,
});
export type FieldPatch = z.output<typeof fieldPatch>;

/** The changes that a built-in field accepts. */
export const baseFieldPatch = z.object({
  key: fieldKey,
  label: patchable.label,
  description: patchable.description,
  userEditable: patchable.userEditable,
  visibleInAdminConsole: patchable.visibleInAdminConsole,
  visibleInUserCenter: patchable.visibleInUserCenter,
  i18n: patchable.i18n,
  clearI18n: patchable.clearI18n,
  version: patchable.version,
});
export type BaseFieldPatch = z.output<typeof baseFieldPatch>;

/** The start of a new field. It has every property and is valid except for the texts that a person must write. */
export function blankField(type: DataType, target: TargetType, key = ''): FieldDefinition {
  const shared = {
    targetType: target,
    key,
    label: '',
    description: '',
    group: '',
    encrypted: false,
    desensitization: false,
    mask: 'ALL' as const,
    access: {},
    userEditable: false,
    visibleInAdminConsole: true,
    visibleInUserCenter: true,
    validateRules: [],
    appIds: [],
    i18n: { label: noTranslations(), description: noTranslations(), group: noTranslations() },
  };
  const blanks: { [T in DataType]: Extract<FieldDefinition, { dataType: T }> } = {
    STRING: { ...shared, dataType: 'STRING', isUnique: false },
    NUMBER: { ...shared, dataType: 'NUMBER', isUnique: false },
    DATETIME: { ...shared, dataType: 'DATETIME', isUnique: false, precision: 'instant' },
    BOOLEAN: { ...shared, dataType: 'BOOLEAN', isUnique: false },
    ENUM: { ...shared, dataType: 'ENUM', isUnique: false, options: [], retiredOptions: [] },
  };
  return blanks[type];
}

/** The name shown in a language: the enabled text of that language, else the default name. */
export function labelOf(
  named: { label: string; i18n?: { label: Translations } | undefined },
  language: Language,
): string {
  return textOf(named.label, named.i18n?.label, language);
}

/**
 * Fields by section, in field order. Fields without a section come first. The first text in each language is the
 * section's.
 */
export function groupsOf<F extends Pick<FieldDefinition, 'group' | 'i18n'>>(
  fields: F[],
): { name: string; texts: Translations; fields: F[] }[] {
  const groups = new Map<string, { name: string; texts: Translations; fields: F[] }>();
  groups.set('', { name: '', texts: noTranslations(), fields: [] });
  for (const one of fields) {
    const group = groups.get(one.group) ?? { name: one.group, texts: { ...one.i18n.group }, fields: [] };
    for (const language of languages)
      if (!group.texts[language].value) group.texts[language] = one.i18n.group[language];
    group.fields.push(one);
    groups.set(one.group, group);
  }
  return [...groups.values()].filter((group) => group.fields.length);
}

/** Whether the console masks the values. Such a field then allows no query that would disclose them. */
export const isProtected = (field: { encrypted?: boolean; desensitization?: boolean }): boolean =>
  Boolean(field.encrypted || field.desensitization);

function requireTextWhereEnabled(sent: z.output<typeof i18n>, context: z.RefinementCtx) {
  for (const part of textParts) {
    for (const language of languages) {
      const { enabled, value } = sent[part][language];
      const path = [part, language, 'value'];
      if (enabled && !value.trim()) context.addIssue({ code: 'custom', message: issue('enabledWithoutText'), path });
      if (value.length > limits[part])
        context.addIssue({ code: 'custom', message: issue('tooLong', limits[part]), path });
    }
  }
}

function requireSoundRules({ validateRules }: { validateRules: z.output<typeof rule>[] }, context: z.RefinementCtx) {
  let room = mostInstructions;
  for (const [index, sent] of validateRules.entries()) {
    const message = faultOf(sent, room);
    if (message) context.addIssue({ code: 'custom', message, path: ['validateRules', index, 'content'] });
    room -= instructionsOf(sent);
    if (room < 0) return;
  }
}

function requireOwnValues(list: { value: string }[], context: z.RefinementCtx) {
  const seen = new Set<string>();
  for (const [index, { value }] of list.entries()) {
    if (value && seen.has(value)) {
      context.addIssue({ code: 'custom', message: issue('optionValueTaken'), path: [index, 'value'] });
    }
    seen.add(value);
  }
}
