import { useTranslation } from 'react-i18next';
import { type FieldDefinition, labelOf } from '#contract/field';
import { useLanguage } from '../../ui/language.ts';
import { toast } from '../../ui/toasts.ts';
import { usePlan } from './usePlan.tsx';

/** Puts a field into the trash: at once where nobody holds a value, else after the plan was seen. */
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
