import { useMutation } from '@tanstack/react-query';
import { Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { labelOf } from '#contract/field';
import type { ListRow } from '#contract/list';
import type { TargetType } from '#contract/target';
import { ApiError } from '#contract/wire/errors';
import { kinds } from '../kinds.ts';
import { Dialog } from '../ui/Dialog.tsx';
import { useLanguage } from '../ui/language.ts';
import { toast } from '../ui/toasts.ts';
import { ago, moment } from '../ui/when.ts';
import { findField, type ListFields } from './list.ts';
import { restoreTarget } from './queries.ts';
import { takenOf } from './taken.ts';
import './RestoreTarget.css';

/** The time of deletion and the restore. It can leave out names and values that another target uses now. */
export function RestoreTarget({
  targetType,
  fields,
  row,
}: {
  targetType: TargetType;
  fields: ListFields | undefined;
  row: ListRow;
}) {
  const { t } = useTranslation();
  const language = useLanguage();
  const [taken, setTaken] = useState<string[]>();
  const restore = useMutation({ ...restoreTarget(), meta: { handled: true } });
  const { targetIdentifier, namespace, name, deletedAt = '' } = row;
  const run = (withoutTaken: boolean) =>
    void restore
      .mutateAsync({
        targetType,
        targetIdentifier,
        ...(namespace && { namespace }),
        ...(withoutTaken && { withoutTaken }),
      })
      .then(() => toast.say(t('lists.trash.restored', { name })))
      .catch((error: Error) => {
        const keys =
          withoutTaken || !(error instanceof ApiError) ? undefined : takenOf(kinds[targetType].canLoseNames, error);
        if (!keys) toast.error(error);
        setTaken(keys);
      });
  const nameOf = (key: string) => {
    const field = fields && findField(fields, key);
    return field ? labelOf(field, language) : key;
  };
  const restoreOne = t('lists.trash.restoreOne', { name });
  return (
    <span className="restore">
      <time dateTime={deletedAt} title={moment(deletedAt, language)}>
        {ago(deletedAt, language)}
      </time>
      <Button size="small" loading={restore.isPending} aria-label={restoreOne} onClick={() => run(false)}>
        {t('history.restore')}
      </Button>
      {taken && (
        <Dialog title={restoreOne} onClose={() => setTaken(undefined)}>
          <p>{t('lists.trash.taken')}</p>
          <ul>
            {taken.map((key) => (
              <li key={key}>{nameOf(key)}</li>
            ))}
          </ul>
          <p className="quiet">{t('lists.trash.takenHelp')}</p>
          <footer>
            <Button onClick={() => setTaken(undefined)}>{t('app.cancel')}</Button>
            <Button type="primary" loading={restore.isPending} onClick={() => run(true)}>
              {t('lists.trash.withoutTaken')}
            </Button>
          </footer>
        </Dialog>
      )}
    </span>
  );
}
