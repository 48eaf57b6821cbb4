import { z } from 'zod';
import { issue } from './issue.ts';

/** A boolean as the SDKs send it: `true`, `"true"`, Python's `"True"`. */
export const flag = z.preprocess((value) => {
  if (typeof value !== 'string') return value;
  const word = value.trim().toLowerCase();
  return word === 'true' ? true : word === 'false' ? false : value;
}, z.boolean());

/** A whole number, also as the text that a query string holds. */
export const whole = (min: number, max: number) =>
  z.preprocess(
    (value) => (typeof value === 'string' && /^-?\d+$/.test(value.trim()) ? Number(value) : value),
    z.number().int().min(min).max(max),
  );

/** The number of a row, of which no database here has more. */
export const rowId = whole(0, 2_147_483_647);

/** The id of an entry of history or activity, of which there may be billions. */
export const entryId = whole(0, Number.MAX_SAFE_INTEGER);

export const page = whole(1, 1_000_000).optional();
export const limit = whole(1, 50).optional();
export const paging = { page, limit };

/** A closed word; stray spaces of the translated SDKs are cut. */
export const word = <const T extends readonly [string, ...string[]]>(values: T) =>
  z.preprocess((value) => (typeof value === 'string' ? value.trim() : value), z.enum(values));

/** A list, also as one value or as comma-separated text of a query string. */
export const listOf = <T extends z.ZodType>(item: T, max: number) =>
  z.preprocess((value) => {
    if (typeof value !== 'string') return value;
    return value.startsWith('[') ? (parseJson(value) ?? [value]) : value.split(',');
  }, z.array(item).min(1).max(max));

/** Text that both databases can hold: no U+0000, no half of a surrogate pair. */
export const storable = z
  .string()
  .refine((text) => !text.includes('\u0000'), { error: issue('nulCharacter') })
  .refine((text) => !/\p{Surrogate}/u.test(text), { error: issue('loneSurrogate') });

export const identifier = storable.min(1).max(256);

/** A part of a name, code, address or phone number, or a whole id. */
export const keywords = storable.max(256).nullish();

/** Absent, null and "" all mean the pool's own space. */
export const tenantId = z
  .string()
  .max(64)
  .nullish()
  .transform((value) => value || undefined);

export const success = z.object({ success: z.boolean() });

/** JSON that some SDKs send as text (`options`, `validateRules`); undefined where it is none. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
