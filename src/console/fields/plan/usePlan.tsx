import { useMutation, useQueryClient } from '@tanstack/react-query';
import { lazy, type ReactNode, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Field } from '#contract/field';
import { mayTouchValues, type Plan, plan, planRequest, type SentPlan } from '#contract/plan';
import { ApiError } from '#contract/wire/errors';
import { definitionQueries } from '../../definitions.ts';
import { patiently } from '../../reach.ts';
import { toast } from '../../ui/toasts.ts';
import { applyPlan, makePlan } from '../queries.ts';
import { useUndo } from './useUndo.ts';

/** A lazy import: it is rarely needed, and only after an answer of the server. */
const PlanDialog = lazy(() => patiently(() => import('./PlanDialog.tsx')).then((m) => ({ default: m.PlanDialog })));

interface Asking {
  request: SentPlan;
  plan: Plan;
  /** Whether fields or values have changed since the plan was made. */
  moved: boolean;
  answer: (fields: Field[] | undefined) => void;
  fail: (error: unknown) => void;
}

/**
 * The only way in which the console changes fields: through a plan. `run` applies a change that touches no values at
 * once, and otherwise asks in `dialog` first. It returns the changed fields, or undefined if the person went back. It
 * throws the server's errors.
 */
export function usePlan(): {
  run: (request: SentPlan, done: string) => Promise<Field[] | undefined>;
  dialog: ReactNode;
  isPending: boolean;
} {
  const { t } = useTranslation();
  const client = useQueryClient();
  const make = useMutation(makePlan());
  const apply = useMutation(applyPlan());
  const undo = useUndo();
  const [asking, setAsking] = useState<Asking>();
  const [done, setDone] = useState('');

  /** Whether a change could touch values, judged by the cached definitions. True for an unknown field. */
  function needsPlan(request: SentPlan): boolean {
    const { changes = [], deletions = [] } = planRequest.parse(request);
    return (
      deletions.length > 0 ||
      changes.some((change) => {
        const known = client.getQueryData(definitionQueries.custom(change.targetType).queryKey);
        const stored = known?.find(({ key }) => key === change.key);
        return stored ? mayTouchValues(stored, change) : !change.create;
      })
    );
  }

  async function carryOut(request: SentPlan, made: Plan | undefined, said: string): Promise<Field[]> {
    const { planId, fields } = await apply.mutateAsync({ ...request, ...(made && { token: made.token }) });
    const isWorthUndoing = made?.touchesValues || Boolean(request.deletions?.length);
    toast.say(said, isWorthUndoing ? { label: t('app.undo'), run: () => undo(planId) } : undefined);
    return fields;
  }

  async function run(request: SentPlan, said: string): Promise<Field[] | undefined> {
    if (!needsPlan(request)) {
      try {
        return await carryOut(request, undefined, said);
      } catch (error) {
        // Somebody has changed the field, so the cached definition is old.
        if (!(error instanceof ApiError && error.name === 'planNeeded')) throw error;
      }
    }
    const made = await make.mutateAsync(request);
    if (!made.touchesValues) return carryOut(request, made, said);
    setDone(said);
    return new Promise((answer, fail) => setAsking({ request, plan: made, moved: false, answer, fail }));
  }

  async function confirm(request: SentPlan, seen: Plan, { answer, fail }: Asking): Promise<void> {
    try {
      const fields = await carryOut(request, seen, done);
      setAsking(undefined);
      answer(fields);
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
        applying={apply.isPending}
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
