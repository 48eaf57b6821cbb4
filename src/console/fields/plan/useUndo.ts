import { useMutation } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { Property } from '#contract/plan';
import { listOf, useLanguage } from '../../ui/language.ts';
import { toast } from '../../ui/toasts.ts';
import { undoPlan } from '../queries.ts';

/** Undoes a plan, and says what is restored and what stays because it has changed since. */
export function useUndo(): (planId: string) => void {
  const { t } = useTranslation();
  const language = useLanguage();
  const undo = useMutation(undoPlan());
  // The promise outlives the page. The mutation cache shows an error.
  return (planId) =>
    void undo.mutateAsync(planId).then(
      ({ values, skipped }) => {
        const names = [
          ...new Set(
            skipped.map(
              ({ key, what, holder }) =>
                holder?.name ??
                [key, t(`fields.change.${what as Property}`, { defaultValue: '' })].filter(Boolean).join(' · '),
            ),
          ),
        ];
        const rest = names.length > 5 ? ` … +${names.length - 5}` : '';
        toast.say(
          skipped.length
            ? t('fields.plan.undoneSome', { count: values, skipped: listOf(names.slice(0, 5), language) + rest })
            : t('fields.plan.undone', { count: values }),
        );
      },
      () => undefined,
    );
}
