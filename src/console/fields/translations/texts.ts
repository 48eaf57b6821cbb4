import type Papa from 'papaparse';
import { type Field, type FieldDefinition, groupsOf, limits, textParts } from '#contract/field';
import { maxRuleError } from '#contract/rule';
import { noTranslations, type Translations } from '#contract/translation';
import { type Language, languages } from '#contract/wire/language';

export const textKinds = ['label', 'description', 'group', 'option', 'rule'] as const;
export type TextKind = (typeof textKinds)[number];

/** A text with translations: a field's name, description or section, an option's label, a rule's message. */
export interface Text {
  id: string;
  key: string;
  kind: TextKind;
  /** The option's value, or the number of the rule (from 1). */
  part: string;
  text: string;
  units: Translations;
  max: number;
}
export type Unit = Translations[Language];

/** All texts of the fields, in order. The text of a section comes once, at its first field. */
export function textsOf(fields: FieldDefinition[]): Text[] {
  const firsts = new Map(groupsOf(fields).map(({ fields: [first], texts }) => [first, texts]));
  return fields.flatMap((field) => {
    const { key } = field;
    const make = (kind: TextKind, part: string, text: string, units: Translations | undefined, max: number): Text[] =>
      text ? [{ id: `${key} ${kind} ${part}`, key, kind, part, text, units: units ?? noTranslations(), max }] : [];
    return [
      ...make('label', '', field.label, field.i18n.label, limits.label),
      ...make('description', '', field.description, field.i18n.description, limits.description),
      ...make('group', '', firsts.has(field) ? field.group : '', firsts.get(field), limits.group),
      ...('options' in field
        ? field.options.flatMap(({ value, label, i18n }) =>
            make('option', value, label, i18n?.label, limits.optionLabel),
          )
        : []),
      ...field.validateRules.flatMap(({ error, i18n }, index) =>
        make('rule', String(index + 1), error, i18n?.error, maxRuleError),
      ),
    ];
  });
}

/** The edits of a board, by text and language. */
export type Edits = Map<string, Unit>;
export const editKey = (text: Text, language: Language): string => `${language} ${text.id}`;

/** The edited fields, before and after. Fields without an edit are left out. */
export function withEdits(fields: Field[], edits: Edits): { before: Field; after: Field }[] {
  const texts = textsOf(fields);
  const groupText = new Map(texts.flatMap((text) => (text.kind === 'group' ? [[text.text, text] as const] : [])));
  return fields.flatMap((before) => {
    // All fields of a section share its text.
    const group = groupText.get(before.group);
    const own = [...textsOf([before]).filter(({ kind }) => kind !== 'group'), ...(group ? [group] : [])];
    const edited = own.filter((text) => languages.some((language) => edits.has(editKey(text, language))));
    if (!edited.length) return [];
    const after = structuredClone(before);
    for (const text of edited) {
      const units = { ...text.units };
      for (const language of languages) units[language] = edits.get(editKey(text, language)) ?? units[language];
      put(after, text, units);
    }
    return [{ before, after }];
  });
}

function put(field: Field, { kind, part }: Text, units: Translations): void {
  const own = textParts.find((one) => one === kind);
  if (own) field.i18n[own] = units;
  else if (kind === 'rule') {
    const rule = field.validateRules[Number(part) - 1];
    if (rule) rule.i18n = { error: units };
  } else if ('options' in field) {
    const option = field.options.find(({ value }) => value === part);
    if (option) option.i18n = { label: units };
  }
}

/** The text after typing: it is turned on, and an empty one is removed. */
export function typed(value: string): Unit {
  return value.trim() ? { enabled: true, value } : { enabled: false, value: '' };
}

const columns = ['field', 'kind', 'part', 'default', ...languages] as const;

/** The texts as a file for translators. An apostrophe marks a cell that a spreadsheet would run as a formula. */
export function writeTexts(sheets: typeof Papa, texts: Text[]): string {
  const rows = texts.map(({ key, kind, part, text, units }) => [
    key,
    kind,
    part,
    text,
    ...languages.map((language) => units[language].value),
  ]);
  return `\uFEFF${sheets.unparse({ fields: [...columns], data: rows }, { escapeFormulae: true })}\r\n`;
}

export interface Line {
  line: number;
  state: 'changed' | 'unchanged' | 'outdated' | 'refused';
  reason?: 'unknownText' | 'tooLong' | 'columns';
  name: string;
}

/**
 * Reads a translators' file: its edits, and the result of each line. An empty cell changes nothing. A line with an old
 * default text is accepted, and its translations stay outdated.
 */
export function readTexts(sheets: typeof Papa, csv: string, texts: Text[]): { edits: Edits; lines: Line[] } {
  const edits: Edits = new Map();
  const { data } = sheets.parse<string[]>(csv.replace(/^\uFEFF/, ''), { skipEmptyLines: false });
  const [head = [], ...rows] = data;
  const at = new Map(head.map((name, index) => [name.trim(), index]));
  if (!['field', 'kind', 'part'].every((name) => at.has(name))) {
    return { edits, lines: [{ line: 1, state: 'refused', reason: 'columns', name: head.join(', ') }] };
  }
  const known = new Map(texts.map((text) => [text.id, text]));
  const lines = rows.flatMap((row, index): Line[] => {
    const cell = (name: string) => (row[at.get(name) ?? -1] ?? '').replace(/^'(?=[=+\-@\t\r])/, '');
    if (row.every((one) => !one.trim())) return [];
    const line = index + 2;
    const name = [cell('field'), cell('kind'), cell('part')].filter(Boolean).join(' ');
    const text = known.get(`${cell('field')} ${cell('kind')} ${cell('part')}`);
    if (!text) return [{ line, state: 'refused', reason: 'unknownText', name }];
    const wanted = languages.flatMap((language) => {
      const value = cell(language);
      return value && value !== text.units[language].value ? [{ language, value }] : [];
    });
    if (wanted.some(({ value }) => value.length > text.max))
      return [{ line, state: 'refused', reason: 'tooLong', name }];
    const source = at.has('default') ? cell('default') : text.text;
    for (const { language, value } of wanted) {
      const { enabled, value: before } = text.units[language];
      // A draft that a translator writes on stays one.
      const unit = { enabled: enabled || !before, value };
      edits.set(editKey(text, language), source === text.text ? unit : { ...unit, source });
    }
    return [{ line, name, state: !wanted.length ? 'unchanged' : source === text.text ? 'changed' : 'outdated' }];
  });
  return { edits, lines };
}
