import { z } from 'zod';
import { type FieldDefinition, fieldKey, fieldPatch, limits } from './field.ts';
import { targetType } from './target.ts';
import { value } from './value.ts';
import { flag, tenantId, whole } from './wire/scalars.ts';

/** What happens to the values of an option that is removed. */
export const dispositions = ['retire', 'move', 'clear'] as const;
const disposition = z.object({ value: z.string(), disposition: z.enum(dispositions), to: z.string().optional() });
export type Disposition = z.output<typeof disposition>;

export const plannedChange = z.object({
  ...fieldPatch.shape,
  /** One for each removed option that is in use. An inactive option can be named too. */
  dispositions: z.array(disposition).max(limits.options).optional(),
  /** Converts stored values that don't fit the type but can only mean one value that does. */
  normalise: flag.optional(),
});
export type PlannedChange = z.output<typeof plannedChange>;

/** A proposed change of many fields: the changes, the deletions and the new order. */
export const planRequest = z.object({
  tenantId,
  changes: z.array(plannedChange).max(limits.fields).optional(),
  deletions: z
    .array(z.object({ targetType, key: fieldKey }))
    .max(limits.fields)
    .optional(),
  order: z.object({ targetType, keys: z.array(fieldKey).max(limits.fields) }).optional(),
  /** How many values to show for each problem. The default is 10. */
  samples: whole(0, 10_000).optional(),
});
export type PlanRequest = z.output<typeof planRequest>;
export type SentPlan = z.input<typeof planRequest>;

/** A target that has a value, with what the console needs for a link. */
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
  /** The changed properties. */
  changes: z.array(z.string()),
  /** How many targets have a value. Null if the caller may not know. */
  holders: z.number().nullable(),
  /** The values are protected: the plan shows none and answers no questions about them. */
  isProtected: z.boolean(),
  /** Removed options that are in use, and what happens to their values. Null until the caller decides. */
  options: z.array(
    z.object({
      value: z.string(),
      label: z.string(),
      /** Null if the values are protected: the option is in use, and the plan says no more. */
      holders: z.number().nullable(),
      disposition: z.enum(dispositions).nullable(),
      to: z.string().optional(),
    }),
  ),
  /** Stored values that the new definition would refuse. They stay unchanged. */
  broken: counted({ holder, value, says: z.string() }),
  /** Values that the plan would convert. */
  rewritten: counted({ holder, value, after: value }),
  /** Values that several targets have. They prevent `isUnique`. */
  duplicates: counted({ value, holders: z.number() }),
});
export type FieldPlan = z.output<typeof fieldPlan>;

/** What a change would do. Its signed token applies it as long as the fields and values haven't changed. */
export const plan = z.object({
  token: z.string(),
  fields: z.array(fieldPlan),
  reorders: z.boolean(),
  /** Whether values change, are removed or stop fitting. The console then asks for confirmation. */
  touchesValues: z.boolean(),
  /** Whether a decision or a correction is necessary before the plan can be applied. */
  isBlocked: z.boolean(),
});
export type Plan = z.output<typeof plan>;

/** The properties of a field that can change, in the order of the form. */
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

/** The properties that differ between two definitions. */
export function changes(before: FieldDefinition, after: FieldDefinition): Property[] {
  const was = new Map<string, unknown>(Object.entries(before));
  const is = new Map<string, unknown>(Object.entries(after));
  return properties.filter((name) => is.has(name) && JSON.stringify(was.get(name)) !== JSON.stringify(is.get(name)));
}

/**
 * Whether a planned change of a field changes, removes or invalidates values. The console then asks for confirmation.
 */
export const touchesValues = ({
  does,
  holders,
  changes: made,
  options,
  broken,
  rewritten,
  duplicates,
}: FieldPlan): boolean =>
  ((does === 'delete' || made.includes('encrypted')) && holders !== 0) ||
  options.length + broken.count + rewritten.count + duplicates.count > 0;

/** The part of a change that can affect stored values. A property that isn't sent stays as it is. */
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
 * Whether a change of a stored field is of a kind that can remove, refuse, convert or encrypt values. Such a change
 * needs a plan first. This function doesn't look at the values.
 */
export function mayTouchValues(before: FieldDefinition, change: Touch): boolean {
  const { options, isUnique, encrypted, dispositions: said, normalise } = change;
  if (said?.length || normalise || narrows(before, change)) return true;
  if ((isUnique && !before.isUnique) || (encrypted && !before.encrypted)) return true;
  const living = options && new Set(options.map(({ value: one }) => one));
  return Boolean(living && 'options' in before && before.options.some(({ value: one }) => !living.has(one)));
}

/** Whether a change can make stored values invalid for new writes. */
export function narrows(before: FieldDefinition, { validateRules, precision }: Touch): boolean {
  const known = new Set(before.validateRules.map(({ type, content }) => `${type} ${content}`));
  const was = 'precision' in before ? before.precision : undefined;
  return (
    Boolean(validateRules?.some(({ type, content }) => !known.has(`${type} ${content}`))) ||
    (precision !== undefined && precision !== null && precision !== was)
  );
}

/** Whether applying the plan would change nothing. */
export const doesNothing = ({ fields, reorders }: Plan): boolean =>
  !reorders &&
  fields.every(({ does, rewritten, options }) => does === 'nothing' && !rewritten.count && !options.length);

/** An applied plan. It can be undone for 30 days. */
export const appliedPlan = z.object({
  id: z.string(),
  at: z.string(),
  actorName: z.string(),
  undoneAt: z.string().nullable(),
  fields: z.array(z.object({ targetType, key: z.string(), label: z.string(), does, values: z.number().nullable() })),
});
export type AppliedPlan = z.output<typeof appliedPlan>;

/** The result of an undo. `skipped` has what changed after the plan and therefore stayed. */
export const undone = z.object({
  values: z.number(),
  skipped: z.array(z.object({ key: z.string(), what: z.string(), holder: holder.optional() })),
});
