import { z } from 'zod';
import { value } from './value.ts';

/** Per field: what was stored when somebody began, and what they typed; null is no value. */
const typed = z.record(z.string().max(64), z.object({ base: value.nullable(), mine: value.nullable() }));

/** What a member of staff typed about one target and hasn't saved. */
export const draft = z.object({ builtin: typed, custom: typed });
export type Draft = z.output<typeof draft>;
