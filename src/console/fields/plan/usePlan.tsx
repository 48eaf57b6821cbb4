import { useMutation } from '@tanstack/react-query';
import { lazy, type ReactNode, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Field } from '#contract/field';
import { type Plan, plan, type SentPlan } from '#contract/plan';
import { ApiError } from '#contract/wire/errors';
import { toast } from '../../ui/toasts.ts';
import { applyPlan, makePlan } from '../queries.ts';
import { useUndo } from './useUndo.ts';

/** Seldom needed, and then after an answer of the server. */
const PlanDialog = lazy(() => import('./PlanDialog.tsx').then((m) => ({ default: m.PlanDialog })));

interface Asking {
  request: SentPlan;
  plan: Plan;
  /** Whether fields or values moved while it was looked at. */
  moved: boolean;
  answer: (fields: Field[] | undefined) => void;
  fail: (error: unknown) => void;
}

/**
 * The one way in which the console changes fields: through a plan. `run` applies at once what touches no values, and
 * else asks in `dialog` first; it gives the changed fields, or undefined if the person went back. IssueCollector are thrown.
 */
export function usePlan(): {
  run: (request: SentPlan, done: string) => Promise<Field[] | undefined>;
  dialog: ReactNode;
  isPending: boolean;
} {
  const { t } = useTranslation();
  const make = useMutation(makePlan());
  const apply = useMutation(applyPlan());
  const undo = useUndo();
  const [asking, setAsking] = useState<Asking>();
  const [done, setDone] = useState('');

  async function carryOut(request: SentPlan, made: Plan, said: string): Promise<Field[]> {
    const { planId, fields } = await apply.mutateAsync({ ...request, token: made.token });
    const isWorthUndoing = made.touchesValues || Boolean(request.deletions?.length);
    toast.say(said, isWorthUndoing ? { label: t('app.undo'), run: () => undo(planId) } : undefined);
    return fields;
  }

  async function run(request: SentPlan, said: string): Promise<Field[] | undefined> {
    const made = await make.mutateAsync(request);
    if (!made.touchesValues) return carryOut(request, made, said);
    setDone(said);
    return new Promise((answer, fail) => setAsking({ request, plan: made, moved: false, answer, fail }));
  }

  async function confirm(request: SentPlan, seen: Plan, { answer, fail }: Asking): Promise<void> {
    try {
      const made = await make.mutateAsync(request);
      // What was decided meanwhile is new; what the plan found must be what was seen.
      if (effects(made) !== effects(seen)) setAsking({ request, plan: made, moved: true, answer, fail });
      else {
        const fields = await carryOut(request, made, done);
        setAsking(undefined);
        answer(fields);
      }
    } catch (error) {
      const hasMoved = error instanceof ApiError && error.name === 'planMoved';
      const current = hasMoved ? plan.safeParse(error.details.current) : undefined;
      if (current?.success) setAsking({ request, plan: current.data, moved: true, answer, fail });
      else {
        setAsking(undefined);
        fail(error);
      }
    }
  }

  const dialog = asking && (
    <Suspense fallback={null}>
      <PlanDialog
        key={asking.plan.token}
        request={asking.request}
        plan={asking.plan}
        moved={asking.moved}
        applying={make.isPending || apply.isPending}
        onApply={(request) => confirm(request, asking.plan, asking)}
        onCancel={() => {
          setAsking(undefined);
          asking.answer(undefined);
        }}
      />
    </Suspense>
  );
  return { run, dialog, isPending: make.isPending || apply.isPending || asking !== undefined };
}

/** What a plan found, without what was decided about it. */
function effects({ fields }: Plan): string {
  return JSON.stringify(
    fields.map(({ key, holders, broken, rewritten, duplicates, options }) => [
      key,
      holders,
      broken.count,
      rewritten.count,
      duplicates.count,
      options.map(({ value, holders: count }) => [value, count]),
    ]),
  );
}
