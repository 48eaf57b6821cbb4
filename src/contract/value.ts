import { z } from 'zod';
import type { DataType, Field } from './field.ts';
import { limits } from './field.ts';
import { breachOf, longestJudged, type RuleType } from './rule.ts';
import { normalise } from './wire/fold.ts';
import { issue } from './wire/issue.ts';
import { exactNumber, InexactNumber } from './wire/number.ts';
import { storable } from './wire/scalars.ts';

/** A stored value. DATETIME is ISO 8601 UTC with milliseconds; ENUM is the value of the option. */
export const value = z.union([z.string(), z.number(), z.boolean()]);
export type Value = z.output<typeof value>;

type FieldOf<T extends DataType> = Extract<Field, { dataType: T }>;

/**
 * Reads a value that a client sent for a field of this type, and returns the value to store. Issues name the reason.
 */
const schemas: { [T in DataType]: (field: FieldOf<T>) => z.ZodType<Value> } = {
  STRING: () => storable.max(limits.text),
  NUMBER: () => z.unknown().transform(toNumber),
  DATETIME: (field) => z.unknown().transform((sent, context) => toDate(sent, context, field.precision)),
  BOOLEAN: () => z.unknown().transform(toBoolean),
  ENUM: (field) => {
    const values = new Set(field.options.map((option) => option.value));
    return z.unknown().transform((sent, context) => toOption(sent, context, values, field.options));
  },
};

/** One schema for each field, because it may validate millions of values. */
const made = new WeakMap<Field, z.ZodType<Value>>();

/** The schema of the field's type, without its rules. */
function typeSchema(field: Field): z.ZodType<Value> {
  // The table has every type. TypeScript can't narrow the union of its functions, so this cast does.
  const schema = made.get(field) ?? (schemas[field.dataType] as (field: Field) => z.ZodType<Value>)(field);
  made.set(field, schema);
  return schema;
}

/** The schema of a new value: its type and its rules. Every write uses it. */
export function valueSchema(field: Field): z.ZodType<Value> {
  return typeSchema(field).superRefine((sent, context) => {
    const longest = longestJudged(field.validateRules);
    let asksPatterns = String(sent).length <= longest;
    if (!asksPatterns) context.addIssue({ code: 'custom', message: issue('tooLongForPattern', longest) });
    for (const rule of field.validateRules) {
      const isPattern = rule.type === 'regExp';
      const message = isPattern && !asksPatterns ? undefined : breachOf(rule, sent);
      if (message) context.addIssue({ code: 'custom', message, params: { says: rule } });
      // The first broken pattern is enough; matching all of them takes time.
      if (message && isPattern) asksPatterns = false;
    }
  });
}

/** Whether a stored value has the field's type and, for a single select, is an active option. */
export function fits(field: Field, stored: Value): boolean {
  const parsed = typeSchema(field).safeParse(stored);
  return parsed.success && parsed.data === stored;
}

/**
 * The only value of the field's type that a stored value can mean ("18" as a number). Undefined if it fits or means
 * none.
 */
export function normalised(field: Field, stored: Value): Value | undefined {
  const sent = typeof stored === 'string' ? normalise(stored, 'NFKC').trim() : String(stored);
  const parsed = typeSchema(field).safeParse(field.dataType === 'STRING' ? String(stored) : sent);
  return parsed.success && parsed.data !== stored ? parsed.data : undefined;
}

/** The rules that each data type allows. */
export const rulesOf: Record<DataType, readonly RuleType[]> = {
  STRING: ['regExp', 'length', 'email', 'phone', 'isNumber'],
  NUMBER: ['range'],
  DATETIME: ['range'],
  BOOLEAN: [],
  ENUM: [],
};

function toNumber(sent: unknown, context: z.RefinementCtx): number {
  if (sent instanceof InexactNumber) return refuse(context, issue('notExact'));
  if (typeof sent === 'number' && Number.isFinite(sent)) return sent === 0 ? 0 : sent;
  if (typeof sent !== 'string') return refuse(context, issue('notANumber'));
  if (!sent) return refuse(context, issue('emptyNotAllowed'));
  const read = exactNumber(sent);
  if (read === undefined) return refuse(context, issue('notANumber'));
  return read instanceof InexactNumber ? refuse(context, issue('notExact')) : read === 0 ? 0 : read;
}

function toBoolean(sent: unknown, context: z.RefinementCtx): boolean {
  if (typeof sent === 'boolean') return sent;
  if (sent === '') return refuse(context, issue('emptyNotAllowed'));
  const word = typeof sent === 'string' ? sent.toLowerCase() : undefined;
  return word === 'true' ? true : word === 'false' ? false : refuse(context, issue('notABoolean'));
}

const calendarDay = /^(\d{4})(-|\/)(\d{1,2})\2(\d{1,2})$/;
const instant = /^(\d{4}-\d{2}-\d{2})[Tt ](\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)\s*([Zz]|[+-]\d{2}:?\d{2})?$/;

function toDate(sent: unknown, context: z.RefinementCtx, precision: 'instant' | 'day'): string {
  if (sent === '') return refuse(context, issue('emptyNotAllowed'));
  const read = readDate(sent);
  if (typeof read === 'string') return refuse(context, read);
  const text = read.toISOString();
  // Dropping the hour would change the value: 15:00Z is the next day in Tokyo.
  return precision === 'day' && !text.endsWith('T00:00:00.000Z') ? refuse(context, issue('dayWithTime')) : text;
}

/** The instant, or the message of the issue. */
function readDate(sent: unknown): Date | string {
  if (typeof sent === 'number') return Number.isInteger(sent) ? inRange(new Date(sent)) : issue('notADate');
  if (typeof sent !== 'string') return issue('notADate');
  if (/^\d{8}$/.test(sent)) return issue('dateAmbiguous');
  if (/^\d{11,14}$/.test(sent)) return inRange(new Date(Number(sent)));
  const day = calendarDay.exec(sent);
  if (day) return realDay(`${day[1]}-${day[3]?.padStart(2, '0')}-${day[4]?.padStart(2, '0')}`, 'T00:00:00.000Z');
  const moment = instant.exec(sent);
  if (!moment) return issue('notADate');
  if (!moment[3]) return issue('dateWithoutOffset');
  if (/\.\d{3}\d*[1-9]/.test(sent)) return issue('notExact');
  const offset = moment[3].toUpperCase().replace(/^([+-]\d{2}):?(\d{2})$/, '$1:$2');
  return realDay(moment[1] ?? '', `T${moment[2]}${offset}`);
}

/** JavaScript turns 31 February into a day in March; this check refuses it. */
function realDay(day: string, time: string): Date | string {
  const midnight = new Date(`${day}T00:00:00.000Z`);
  if (Number.isNaN(midnight.getTime()) || midnight.toISOString().slice(0, 10) !== day) return issue('notADate');
  return inRange(new Date(day + time));
}

function inRange(date: Date): Date | string {
  const year = date.getUTCFullYear();
  return Number.isNaN(date.getTime()) || year < 0 || year > 9999 ? issue('notADate') : date;
}

function toOption(
  sent: unknown,
  context: z.RefinementCtx,
  values: Set<string>,
  options: FieldOf<'ENUM'>['options'],
): string {
  if (sent === '') return refuse(context, issue('emptyNotAllowed'));
  if (typeof sent !== 'string') return refuse(context, issue('wrongType'));
  if (values.has(sent)) return sent;
  const labelled = options.filter((option) => option.label === sent);
  if (labelled.length > 1) return refuse(context, issue('optionAmbiguous'));
  return labelled[0]?.value ?? refuse(context, issue('notAnOption'));
}

function refuse(context: z.RefinementCtx, message: string): never {
  context.addIssue({ code: 'custom', message });
  return z.NEVER;
}

/** By field: the stored value when the edit began, and the typed one. Null is no value. */
const typed = z.record(z.string().max(64), z.object({ base: value.nullable(), mine: value.nullable() }));

/** Unsaved edits of a team member on one target. */
export const draft = z.object({ builtin: typed, custom: typed });
export type Draft = z.output<typeof draft>;
