import type { z } from 'zod';

/** The parts of a schema. The type decides which of them exist. */
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

/**
 * The parts of a schema, for code that walks one. Zod has them in `_zod.def`, which its public types don't describe.
 */
export const partsOf = (schema: z.ZodType): Parts => schema._zod.def as unknown as Parts;
