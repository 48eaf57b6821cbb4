import { useTranslation } from 'react-i18next';
import { type FieldDefinition, labelOf } from '#contract/field';
import { useLanguage } from '../../ui/language.ts';
import { toast } from '../../ui/toasts.ts';
import { usePlan } from './usePlan.tsx';

/** Moves a field to the trash: at once if it has no values, else after the person has seen the plan. */
export function useDeleteField() {
  const { t } = useTranslation();
  const language = useLanguage();
  const { run, dialog, isPending } = usePlan();
  return {
    dialog,
    isPending,
    run: (field: FieldDefinition, onDeleted?: () => void) => {
      const { targetType, key } = field;
      const said = t('fields.deleted', { label: labelOf(field, language) });
      void run({ deletions: [{ targetType, key }] }, said).then((done) => done && onDeleted?.(), toast.error);
    },
  };
}
