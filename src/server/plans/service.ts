import type { Field, FieldDefinition, FieldOption } from '#contract/field';
import {
  changes,
  type Disposition,
  type FieldPlan,
  narrows,
  type Plan,
  type PlannedChange,
  type PlanRequest,
  touchesValues,
} from '#contract/plan';
import type { TargetType } from '#contract/target';
import type { Value } from '#contract/value';
import { ApiError } from '#contract/wire/errors';
import { disclosesHolders, disclosesValues, see, told, type Viewer } from '../access/seen.ts';
import { breather } from '../breather.ts';
import type { Context, Data } from '../context.ts';
import type { Db } from '../database/schema.ts';
import { countByValue, countHoldersOf, findDuplicates } from '../fields/held.ts';
import { type Item, judge } from '../fields/judge.ts';
import { collectIssues, type IssueCollector } from '../issues.ts';
import { findFields, type StoredField } from '../stores/fields.ts';
import { scan } from './scan.ts';
import { lastPlan, stateOf } from './store.ts';

/** One field of a request: the stored and the new definition. */
export interface Proposal {
  index: number;
  targetType: TargetType;
  key: string;
  stored: StoredField | undefined;
  /** Undefined if the field is deleted. */
  next: FieldDefinition | undefined;
  change: (PlannedChange & Item) | undefined;
  /** The removed options, and the inactive ones that a disposition names. */
  gone: FieldOption[];
}

export interface Proposed {
  proposals: Proposal[];
  /** The keys of the space in the old and the new order. */
  order: { targetType: TargetType; before: string[]; after: string[] } | undefined;
}

type PlanContext = Pick<Context, 'config' | 'db' | 'vault' | 'actor' | 'secrets' | 'rights' | 'role' | 'tenants'>;

/** What a change would do, and the token that applies it. Writes nothing. */
export async function planFields(context: PlanContext, tenantId: string, request: PlanRequest): Promise<Plan> {
  const proposed = await propose(context, tenantId, request, findFields);
  const token = await tokenOf(context, tenantId, request, proposed);
  // A caller without `read` learns only how many values there are.
  const samples = context.rights.includes('read') ? (request.samples ?? 10) : 0;
  const fields: FieldPlan[] = [];
  for (const proposal of proposed.proposals) fields.push(await effectsOf(context, proposal, samples));
  return {
    token,
    fields,
    reorders: proposed.order !== undefined,
    touchesValues: fields.some(touchesValues),
    isBlocked: fields.some(
      ({ options, duplicates }) => duplicates.count > 0 || options.some(({ disposition }) => disposition === null),
    ),
  };
}

/** Validates a request without writing. Throws all its issues at once. */
export async function propose<D extends Db>(
  context: Data<D> & Viewer & Pick<Context, 'config'>,
  tenantId: string,
  request: PlanRequest,
  find: (db: D, tenantId: string, targetType: TargetType) => Promise<StoredField[]>,
): Promise<Proposed> {
  const { db } = context;
  const issues = collectIssues();
  const spaces = new Map<TargetType, StoredField[]>();
  const spaceOf = async (targetType: TargetType) => {
    const known = spaces.get(targetType) ?? (await find(db, tenantId, targetType));
    spaces.set(targetType, known);
    return known;
  };
  const proposals: Proposal[] = [];
  const seen = new Set<string>();
  const isRepeated = (targetType: TargetType, key: string) =>
    seen.size === seen.add(`${targetType} ${key.toLowerCase()}`).size;
  const breathe = breather();
  for (const [index, sent] of (request.changes ?? []).entries()) {
    await breathe();
    const space = await spaceOf(sent.targetType);
    const stored = space.find(({ field }) => field.key === sent.key);
    const path = ['changes', index];
    if (isRepeated(sent.targetType, sent.key)) issues.add('validation', [...path, 'key'], 'repeated');
    // A disposition of an inactive option changes the options, even if the request sends none.
    const options =
      sent.options ??
      (sent.dispositions?.length && stored && 'options' in stored.field ? stored.field.options : undefined);
    const change = { ...sent, tenantId, options };
    const next = await judge(context, change, stored, space, { issues, path });
    if (!next) continue;
    const gone = goneOptions(stored && (await told(context, stored)).field, next, sent.dispositions ?? []);
    judgeDispositions(sent.dispositions ?? [], gone, next, { issues, path });
    proposals.push({ index, targetType: sent.targetType, key: sent.key, stored, next, change, gone });
  }
  for (const [index, { targetType, key }] of (request.deletions ?? []).entries()) {
    const stored = (await spaceOf(targetType)).find(({ field }) => field.key === key);
    if (isRepeated(targetType, key)) issues.add('validation', ['deletions', index, 'key'], 'repeated');
    else if (!stored) issues.add('fieldNotFound', ['deletions', index, 'key'], 'notFound');
    else proposals.push({ index, targetType, key, stored, next: undefined, change: undefined, gone: [] });
  }
  issues.throwIfAny();
  const order = request.order && orderOf(request.order, await spaceOf(request.order.targetType), proposals);
  return { proposals, order };
}

/**
 * The same request on the same fields and values gives the same token, with any dispositions. Nobody can make a token
 * without the server's secret.
 */
export async function tokenOf(
  { db, actor, secrets }: PlanContext,
  tenantId: string,
  { changes: sent, deletions, order }: PlanRequest,
  proposed: Proposed,
): Promise<string> {
  const state = [];
  for (const { targetType, key, stored } of proposed.proposals)
    state.push([targetType, key, stored?.id, stored?.field.version, stored && (await stateOf(db, stored))]);
  // What leaves no history of fields or values would make the same token again: one that was applied is told by its row.
  const isTraceless = proposed.proposals.every(
    ({ stored, next }) => stored && next && !changes(stored.field, next).length,
  );
  const applied = isTraceless ? await lastPlan(db, tenantId) : undefined;
  // The caller decides on values after they have seen the plan, so dispositions don't count.
  const planned = sent?.map(({ dispositions: _, ...change }) => change);
  const content = [actor.id, tenantId, planned, deletions, order, state, proposed.order?.before, applied];
  return secrets.digest('plan', JSON.stringify(content));
}

/** The types whose fields a request is about. */
export const typesOf = ({ changes = [], deletions = [], order }: PlanRequest): TargetType[] =>
  [...changes, ...deletions, ...(order ? [order] : [])].map(({ targetType }) => targetType);

/** The removed options in use, and what happens to their values. */
export async function heldOptions(
  context: Data & Viewer,
  { stored, gone, change }: Proposal,
): Promise<FieldPlan['options']> {
  if (!stored || !gone.length) return [];
  const isDisclosed = disclosesValues(see(context, stored));
  const holders = new Map<Value, number>((await countByValue(context, stored)).map((row) => [row.value, row.holders]));
  const said = new Map((change?.dispositions ?? []).map((disposition) => [disposition.value, disposition]));
  return gone.flatMap(({ value, label }) => {
    const count = holders.get(value) ?? 0;
    const disposition = said.get(value);
    // For a masked field the plan doesn't disclose which options are in use, so the caller must decide on each.
    return count || !isDisclosed
      ? [
          {
            value,
            label,
            holders: isDisclosed ? count : null,
            disposition: disposition?.disposition ?? null,
            ...(disposition?.to !== undefined && { to: disposition.to }),
          },
        ]
      : [];
  });
}

async function effectsOf(context: PlanContext, proposal: Proposal, samples: number): Promise<FieldPlan> {
  const { targetType, key, stored, next, change } = proposal;
  const changed = stored && next ? changes(stored.field, next) : [];
  const does = !stored ? 'create' : !next ? 'delete' : changed.length ? 'change' : 'nothing';
  const seen = stored && see(context, stored);
  const mayCount = !stored || disclosesHolders(seen);
  const holders = stored && mayCount ? await countHoldersOf(context, stored.id, targetType) : 0;
  const nothing = { count: 0, samples: [] };
  const isDisclosed = disclosesValues(seen);
  const plan: FieldPlan = {
    targetType,
    key,
    label: (next ?? stored?.field)?.label ?? key,
    does,
    changes: changed,
    holders: mayCount ? holders : null,
    isProtected: Boolean(stored) && !isDisclosed,
    options: await heldOptions(context, proposal),
    broken: nothing,
    rewritten: nothing,
    duplicates: nothing,
  };
  if (!stored || !next || !holders) return plan;
  const after: Field = { ...next, version: stored.field.version };
  // How many values of a masked field break a new rule would be a query about these values.
  if (isDisclosed && (narrows(stored.field, next) || change?.normalise)) {
    Object.assign(plan, await scan(context, stored, after, { normalise: change?.normalise ?? false, samples }));
  }
  // The same is true for duplicates. Applying the plan makes this query, and a limit counts it.
  if (isDisclosed && next.isUnique && !stored.field.isUnique) {
    plan.duplicates = await findDuplicates(context, stored.id, targetType, samples);
  }
  return plan;
}

function goneOptions(before: Field | undefined, next: FieldDefinition, dispositions: Disposition[]): FieldOption[] {
  if (!before || !('options' in before) || !('options' in next)) return [];
  const living = new Set(next.options.map(({ value }) => value));
  const named = new Set(dispositions.map(({ value }) => value));
  const retired = before.retiredOptions.filter(({ value }) => named.has(value) && !living.has(value));
  return [...before.options.filter(({ value }) => !living.has(value)), ...retired];
}

function judgeDispositions(
  dispositions: Disposition[],
  gone: FieldOption[],
  next: FieldDefinition,
  { issues, path }: { issues: IssueCollector; path: (string | number)[] },
): void {
  const going = new Set(gone.map(({ value }) => value));
  const living = new Set('options' in next ? next.options.map(({ value }) => value) : []);
  for (const [index, { value, disposition, to }] of dispositions.entries()) {
    const here = [...path, 'dispositions', index];
    if (!going.has(value)) issues.add('validation', [...here, 'value'], 'dispositionUnknown');
    if (disposition === 'move' && (to === undefined || !living.has(to))) {
      issues.add('validation', [...here, 'to'], 'notAnOption');
    }
  }
}

function orderOf(
  { targetType, keys }: NonNullable<PlanRequest['order']>,
  space: StoredField[],
  proposals: Proposal[],
): Proposed['order'] {
  const own = proposals.filter((proposal) => proposal.targetType === targetType);
  const created = own.filter(({ stored }) => !stored).map(({ key }) => key);
  const gone = new Set(own.filter(({ next }) => !next).map(({ key }) => key));
  const before = space.map(({ field }) => field.key);
  const present = [...before, ...created].filter((key) => !gone.has(key));
  const known = new Set(present);
  const wanted = keys.filter((key) => known.has(key));
  const after = [...wanted, ...present.filter((key) => !wanted.includes(key))];
  return after.join(' ') === present.join(' ') ? undefined : { targetType, before, after };
}

/** Refuses a plan that is blocked because nobody decided on options in use. */
export async function requireDispositions(context: PlanContext, proposal: Proposal): Promise<void> {
  const open = (await heldOptions(context, proposal)).filter(({ disposition }) => disposition === null);
  if (!open.length) return;
  const path = ['changes', proposal.index, 'options'];
  throw new ApiError(
    'validation',
    open.map(({ label }) => ({ path, name: 'dispositionMissing', limit: label })),
  );
}
