import { z } from 'zod';
import { flag, identifier, storable, word } from '../wire/scalars.ts';

export const withCustomData = flag.nullish();
export const flatCustomData = flag.nullish();
export const codeList = z.array(identifier).min(1).max(50);
export const name = storable.min(1).max(256);
export const description = storable.max(1_024).nullish();
export const paged = <T extends z.ZodType>(item: T) => z.object({ totalCount: z.number(), list: z.array(item) });
export const departmentIdType = word([
  'department_id',
  'open_department_id',
  'sync_relation',
  'custom_field',
  'code',
]).nullish();
// Fieldbook doesn't sign end users in, so it takes no passwords of theirs. An error is better than a silent drop.
export const password = z.undefined({ error: 'passwordUnsupported' }).optional();
