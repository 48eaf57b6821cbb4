import { z } from 'zod';
import { value } from './value.ts';

const bar = z.object({ value, label: z.string().optional(), count: z.number() });

/** How a field is used. Shares are counts of `targets`. */
export const fieldHealth = z.object({
  targets: z.number(),
  holders: z.number(),
  distinct: z.number(),
  lastWrite: z.string().nullable(),
  /** The values are protected: nothing below is told. */
  isProtected: z.boolean(),
  /** The values of a choice or a yes / no, or the most frequent ones of a text; the most frequent first. */
  bars: z.array(bar),
  /** Numbers and dates (milliseconds) in equal steps, `from` included; null for other types. */
  histogram: z.array(z.object({ from: z.number(), to: z.number(), count: z.number() })).nullable(),
  /** Options whose labels or values differ in case, width, spaces or punctuation alone. */
  nearDuplicates: z.array(z.array(z.object({ value: z.string(), label: z.string(), holders: z.number() }))),
  misfits: z.object({
    count: z.number(),
    normalisable: z.number(),
    samples: z.array(z.object({ value, means: value.optional() })),
  }),
  /** Values that a rule of the field would refuse today. */
  breaches: z.number(),
});
export type FieldHealth = z.output<typeof fieldHealth>;
