import { z } from 'zod';
import { hasManyMarks } from './fold.ts';
import { issue } from './issue.ts';

/** A boolean as the SDKs send it: `true`, `"true"`, or `"True"` (Python). */
export const flag = z.preprocess((value) => {
  if (typeof value !== 'string') return value;
  const word = value.trim().toLowerCase();
  return word === 'true' ? true : word === 'false' ? false : value;
}, z.boolean());

/** A whole number, or its text in a query string. */
export const whole = (min: number, max: number) =>
  z.preprocess(
    (value) => (typeof value === 'string' && /^-?\d+$/.test(value.trim()) ? Number(value) : value),
    z.number().int().min(min).max(max),
  );

/** The number of a row. No table here has more rows. */
export const rowId = whole(0, 2_147_483_647);

/** The id of an entry of the change history or audit log. There may be billions. */
export const entryId = whole(0, Number.MAX_SAFE_INTEGER);

export const page = whole(1, 1_000_000).optional();
export const limit = whole(1, 50).optional();
export const paging = { page, limit };

/** One of a fixed list of words. Cuts the extra spaces that the translated SDKs send. */
export const word = <const T extends readonly [string, ...string[]]>(values: T) =>
  z.preprocess((value) => (typeof value === 'string' ? value.trim() : value), z.enum(values));

/** A list. A query string may also hold one value or comma-separated text. */
export const listOf = <T extends z.ZodType>(item: T, max: number) =>
  z.preprocess((value) => {
    if (typeof value !== 'string') return value;
    return value.startsWith('[') ? (parseJson(value) ?? [value]) : value.split(',');
  }, z.array(item).min(1).max(max));

/** Text that both databases can store and compare: no U+0000, no half of a surrogate pair, at most 30 marks in a row. */
export const storable = z
  .string()
  .refine((text) => !text.includes('\u0000'), { error: issue('nulCharacter') })
  .refine((text) => !/\p{Surrogate}/u.test(text), { error: issue('loneSurrogate') })
  .refine((text) => !hasManyMarks(text), { error: issue('tooManyMarks') });

export const identifier = storable.min(1).max(256);

/** A part of a name, code, address or phone number, or a whole id. */
export const keywords = storable.max(256).nullish();

/** Absent, null and "" all mean the user pool itself (no tenant). */
export const tenantId = z
  .string()
  .max(64)
  .nullish()
  .transform((value) => value || undefined);

export const success = z.object({ success: z.boolean() });

/** Reads JSON that some SDKs send as text (`options`, `validateRules`). Undefined if it isn't JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
