import { z } from 'zod';
import { value } from './value.ts';

const bar = z.object({ value, label: z.string().optional(), count: z.number() });

/** How a field is used. Shares are relative to `targets`. */
export const fieldHealth = z.object({
  targets: z.number(),
  /** Null if the caller may not know. */
  holders: z.number().nullable(),
  distinct: z.number(),
  lastWrite: z.string().nullable(),
  /** The values are protected: the properties below are empty. */
  isProtected: z.boolean(),
  /**
   * The values of a single select or a yes/no field, or the most frequent values of a text; the most frequent first.
   */
  bars: z.array(bar),
  /** Numbers and dates (in milliseconds) in equal steps; a step includes `from`. Null for other types. */
  histogram: z.array(z.object({ from: z.number(), to: z.number(), count: z.number() })).nullable(),
  /** Options whose labels or values differ only in case, width, spaces or punctuation. */
  nearDuplicates: z.array(z.array(z.object({ value: z.string(), label: z.string(), holders: z.number() }))),
  misfits: z.object({
    count: z.number(),
    normalisable: z.number(),
    samples: z.array(z.object({ value, means: value.optional() })),
  }),
  /** How many values break a rule of the field today. */
  breaches: z.number(),
});
export type FieldHealth = z.output<typeof fieldHealth>;
