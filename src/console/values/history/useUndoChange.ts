import { useMutation } from '@tanstack/react-query';
import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import { labelOf } from '#contract/field';
import { codedReason } from '#contract/history';
import { callTagged } from '../../api.ts';
import { kinds, type Reference, wire } from '../../kinds.ts';
import { untilAnswered } from '../../query.ts';
import { useLanguage } from '../../ui/language.ts';
import { toast } from '../../ui/toasts.ts';
import type { TargetData } from '../targets.ts';

/** What one request changed of a target, or of one of its fields. */
export interface Undoable {
  request: string;
  /** When. */
  at: string;
  key?: string | undefined;
}

/** Takes back a change, also of a value that nobody is shown. What was changed since stays. Stable, as every field has it. */
export function useUndoChange(reference: Reference, data: TargetData, onUndone: () => void) {
  const { t } = useTranslation();
  const language = useLanguage();
  const { mutateAsync } = useMutation({
    mutationKey: ['values', 'directory'],
    ...untilAnswered,
    mutationFn: ({ request, at, key }: Undoable) =>
      callTagged(
        'undoChange',
        { ...wire(reference), request, ...(key !== undefined && { key }) },
        { 'x-fieldbook-reason': encodeURIComponent(codedReason('undone', at)) },
      ),
  });
  const name = kinds[reference.targetType].name(data.entity);
  const { builtin, custom } = data;
  return useCallback(
    function undo(change: Undoable): void {
      void mutateAsync(change).then(
        ({ data: { undone, kept }, requestId }) => {
          if (!undone.length) return toast.say(t('values.notUndone'));
          const known = [...custom, ...builtin];
          const fields = kept.map((key) => {
            const field = known.find((one) => one.key === key);
            return field ? labelOf(field, language) : key;
          });
          const said = t('values.undone', { name });
          const again = { request: requestId, at: new Date().toISOString() };
          toast.say(fields.length ? `${said} ${t('values.conflict.merged', { fields })}` : said, {
            label: t('app.undo'),
            run: () => undo(again),
          });
          onUndone();
        },
        // The mutation cache shows the error.
        () => undefined,
      );
    },
    [mutateAsync, builtin, custom, name, language, t, onUndone],
  );
}
