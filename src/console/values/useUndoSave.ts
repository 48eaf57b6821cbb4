import { useMutation } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { labelOf } from '#contract/field';
import { maxReason } from '#contract/history';
import { kinds, type Reference } from '../kinds.ts';
import { untilAnswered } from '../query.ts';
import { useLanguage } from '../ui/language.ts';
import { toast } from '../ui/toasts.ts';
import { parts } from './draft.ts';
import type { FormValues } from './form.ts';
import { type Base, save } from './save.ts';
import type { TargetData } from './targets.ts';

/** A save, to be undone: what it started from, and the changes that it sent. */
export interface Saved {
  base: Base;
  sent: FormValues;
  reason: string;
}

/** Takes back what a save changed, in one save. What others changed after it stays. */
export function useUndoSave(reference: Reference, data: TargetData, onUndone: () => void) {
  const { t } = useTranslation();
  const language = useLanguage();
  const undo = useMutation({
    mutationKey: ['values', 'directory'],
    ...untilAnswered,
    mutationFn: (saved: Saved) =>
      takeBack(reference, data, { ...saved, reason: reasonOf(saved.reason, t('app.undo')) }),
  });
  const name = kinds[reference.targetType].name(data.entity);
  return (saved: Saved) =>
    void undo.mutateAsync(saved).then(
      ({ isDone, kept }) => {
        const others = kept.map((field) => labelOf(field, language)).join(', ');
        if (!isDone) return toast.say(t('values.notUndone'));
        const said = t('values.undone', { name });
        toast.say(others ? `${said} ${t('values.conflict.merged', { fields: others })}` : said);
        onUndone();
      },
      // The mutation cache shows the error.
      () => undefined,
    );
}

const reasonOf = (given: string, undo: string) => (given.trim() ? `${undo}: ${given.trim()}`.slice(0, maxReason) : '');

async function takeBack(reference: Reference, data: TargetData, { base, sent, reason }: Saved) {
  const of = (values: FormValues): FormValues => ({
    builtin: Object.fromEntries(Object.keys(sent.builtin).map((key) => [key, values.builtin[key] ?? null])),
    custom: Object.fromEntries(Object.keys(sent.custom).map((key) => [key, values.custom[key] ?? null])),
  });
  const mine = of(base.values);
  // The etag from before the save is refused, so that `save` reads what there is now and finds what others changed.
  let after: Base = {
    values: {
      builtin: { ...base.values.builtin, ...sent.builtin },
      custom: { ...base.values.custom, ...sent.custom },
    },
    etag: base.etag,
  };
  const kept: TargetData['custom'] = [];
  for (;;) {
    const outcome = await save(reference, data, { base: after, mine, seen: new Map(), reason });
    if ('merged' in outcome) return { isDone: true, kept };
    for (const part of parts)
      for (const field of data[part]) {
        if (!outcome.clashes.some(({ path }) => path === `${part}.${field.key}`)) continue;
        delete mine[part][field.key];
        kept.push(field);
      }
    if (parts.every((part) => Object.keys(mine[part]).length === 0)) return { isDone: false, kept };
    after = outcome.base;
  }
}
