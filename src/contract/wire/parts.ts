import type { z } from 'zod';

/** What a schema is made of; which of it there is depends on the type. */
interface Parts {
  type: string;
  shape: Record<string, z.ZodType>;
  innerType: z.ZodType;
  element: z.ZodType;
  options: z.ZodType[];
  entries: Record<string, unknown>;
  values: unknown[];
  valueType: z.ZodType;
  in: z.ZodType;
  out: z.ZodType;
}

/** The parts of a schema, for whoever walks one: Zod tells them in `_zod.def`, which its public types leave open. */
export const partsOf = (schema: z.ZodType): Parts => schema._zod.def as unknown as Parts;
