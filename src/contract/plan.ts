import { z } from 'zod';
import { type FieldDefinition, fieldKey, fieldPatch, limits } from './field.ts';
import { targetType } from './target.ts';
import { value } from './value.ts';
import { flag, tenantId, whole } from './wire/scalars.ts';

/** What happens to those who hold an option that goes. */
export const dispositions = ['retire', 'move', 'clear'] as const;
const disposition = z.object({ value: z.string(), disposition: z.enum(dispositions), to: z.string().optional() });
export type Disposition = z.output<typeof disposition>;

export const plannedChange = z.object({
  ...fieldPatch.shape,
  /** One for each option that goes and that somebody holds; a retired option may be named too. */
  dispositions: z.array(disposition).max(limits.options).optional(),
  /** Rewrites stored values that don't fit the type but can only mean one value that does. */
  normalise: flag.optional(),
});
export type PlannedChange = z.output<typeof plannedChange>;

/** A proposed change of many fields: what is to be set, what is to go, and in which order they are to stand. */
export const planRequest = z.object({
  tenantId,
  changes: z.array(plannedChange).max(limits.fields).optional(),
  deletions: z
    .array(z.object({ targetType, key: fieldKey }))
    .max(limits.fields)
    .optional(),
  order: z.object({ targetType, keys: z.array(fieldKey).max(limits.fields) }).optional(),
  /** How many values to show for each complaint; 10 if it isn't said. */
  samples: whole(0, 10_000).optional(),
});
export type PlanRequest = z.output<typeof planRequest>;
export type SentPlan = z.input<typeof planRequest>;

/** Who holds a value, as the console links to them. */
export const holder = z.object({ identifier: z.string(), namespace: z.string().optional(), name: z.string() });
export type Holder = z.output<typeof holder>;

const counted = <T extends z.ZodRawShape>(sample: T) =>
  z.object({ count: z.number(), samples: z.array(z.object(sample)) });

const does = z.enum(['create', 'change', 'delete', 'nothing']);

const fieldPlan = z.object({
  targetType,
  key: z.string(),
  label: z.string(),
  does,
  /** The properties that become others. */
  changes: z.array(z.string()),
  /** How many targets hold a value. */
  holders: z.number(),
  /** The values are protected: none is told, and no question about them is answered. */
  isProtected: z.boolean(),
  /** Options that go although somebody holds them, and what is to become of those values; null until it is said. */
  options: z.array(
    z.object({
      value: z.string(),
      label: z.string(),
      /** Null where the values are protected: somebody holds it, and no more is told. */
      holders: z.number().nullable(),
      disposition: z.enum(dispositions).nullable(),
      to: z.string().optional(),
    }),
  ),
  /** Stored values that nobody could write any more; they stay as they are. */
  broken: counted({ holder, value, says: z.string() }),
  /** Values that would be rewritten. */
  rewritten: counted({ holder, value, after: value }),
  /** Values held more than once, which stand in the way of unique. */
  duplicates: counted({ value, holders: z.number() }),
});
export type FieldPlan = z.output<typeof fieldPlan>;

/** What a change would do, sealed: its token applies it as long as neither fields nor values moved. */
export const plan = z.object({
  token: z.string(),
  fields: z.array(fieldPlan),
  reorders: z.boolean(),
  /** Whether values change, go, or stop fitting: a person is asked before that. */
  touchesValues: z.boolean(),
  /** Whether something must be decided or mended before it can be applied. */
  isBlocked: z.boolean(),
});
export type Plan = z.output<typeof plan>;

/** What can change of a field, in the order of its form. */
const properties = [
  'dataType',
  'label',
  'key',
  'i18n',
  'description',
  'group',
  'options',
  'precision',
  'visibleInAdminConsole',
  'visibleInUserCenter',
  'userEditable',
  'isUnique',
  'encrypted',
  'desensitization',
  'mask',
  'access',
  'validateRules',
  'appIds',
] as const;
export type Property = (typeof properties)[number];

/** The properties in which two definitions differ. */
export function changes(before: FieldDefinition, after: FieldDefinition): Property[] {
  const was = new Map<string, unknown>(Object.entries(before));
  const is = new Map<string, unknown>(Object.entries(after));
  return properties.filter((name) => is.has(name) && JSON.stringify(was.get(name)) !== JSON.stringify(is.get(name)));
}

/** Whether what is planned for a field changes values, removes them, or leaves them unfit: a person is asked before that. */
export const touchesValues = ({
  does,
  holders,
  changes: made,
  options,
  broken,
  rewritten,
  duplicates,
}: FieldPlan): boolean =>
  ((does === 'delete' || made.includes('encrypted')) && holders > 0) ||
  options.length + broken.count + rewritten.count + duplicates.count > 0;

/** What of a change could matter to stored values; a property that isn't sent stays as it is. */
interface Touch {
  options?: { value: string }[] | null | undefined;
  validateRules?: { type: string; content: string }[] | null | undefined;
  precision?: string | null | undefined;
  isUnique?: boolean | null | undefined;
  encrypted?: boolean | null | undefined;
  dispositions?: Disposition[] | null | undefined;
  normalise?: boolean | null | undefined;
}

/**
 * Whether a change of a stored field is of a kind that could take, refuse, rewrite or seal values: a plan has to be made
 * of it first. It asks nothing about the values themselves.
 */
export function mayTouchValues(before: FieldDefinition, change: Touch): boolean {
  const { options, isUnique, encrypted, dispositions: said, normalise } = change;
  if (said?.length || normalise || narrows(before, change)) return true;
  if ((isUnique && !before.isUnique) || (encrypted && !before.encrypted)) return true;
  const living = options && new Set(options.map(({ value: one }) => one));
  return Boolean(living && 'options' in before && before.options.some(({ value: one }) => !living.has(one)));
}

/** Whether a change can make stored values ones that nobody could write. */
export function narrows(before: FieldDefinition, { validateRules, precision }: Touch): boolean {
  const known = new Set(before.validateRules.map(({ type, content }) => `${type} ${content}`));
  const was = 'precision' in before ? before.precision : undefined;
  return (
    Boolean(validateRules?.some(({ type, content }) => !known.has(`${type} ${content}`))) ||
    (precision !== undefined && precision !== null && precision !== was)
  );
}

/** Whether applying would do anything at all. */
export const doesNothing = ({ fields, reorders }: Plan): boolean =>
  !reorders &&
  fields.every(({ does, rewritten, options }) => does === 'nothing' && !rewritten.count && !options.length);

/** A plan that was applied, and can be undone for 30 days. */
export const appliedPlan = z.object({
  id: z.string(),
  at: z.string(),
  actorName: z.string(),
  undoneAt: z.string().nullable(),
  fields: z.array(z.object({ targetType, key: z.string(), label: z.string(), does, values: z.number().nullable() })),
});
export type AppliedPlan = z.output<typeof appliedPlan>;

/** What an undo left alone, as it was changed since. */
export const undone = z.object({
  values: z.number(),
  skipped: z.array(z.object({ key: z.string(), what: z.string(), holder: holder.optional() })),
});
