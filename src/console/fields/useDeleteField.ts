import { useMutation } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { type FieldDefinition, labelOf } from '#contract/field';
import { useLanguage } from '../ui/language.ts';
import { toast } from '../ui/toasts.ts';
import { deleteField, restoreField } from './queries.ts';

/** Puts a field into the bin and offers to take it back. */
export function useDeleteField() {
  const { t } = useTranslation();
  const language = useLanguage();
  const remove = useMutation(deleteField());
  const restore = useMutation(restoreField());
  return (field: FieldDefinition, onDeleted?: () => void) => {
    const { targetType, key } = field;
    remove.mutate(
      { targetType, key },
      {
        onSuccess: () => {
          onDeleted?.();
          const undo = { label: t('app.undo'), run: () => restore.mutate({ targetType, key }) };
          toast.say(t('fields.deleted', { label: labelOf(field, language) }), undo);
        },
      },
    );
  };
}
