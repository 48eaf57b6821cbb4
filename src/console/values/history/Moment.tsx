import { useMutation, useQuery } from '@tanstack/react-query';
import { Button, Select } from 'antd';
import { RotateCcw } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { isProtected, labelOf } from '#contract/field';
import { codedReason, type HistoryEntry } from '#contract/history';
import type { Reference, Values } from '../../kinds.ts';
import { useSession } from '../../session.ts';
import { useLanguage } from '../../ui/language.ts';
import { toast } from '../../ui/toasts.ts';
import { moment } from '../../ui/when.ts';
import { saveTarget, type TargetData, valueQueries } from '../targets.ts';
import { Said } from './Said.tsx';
import './Moment.css';

/** The values just after a change, compared with now or another moment. Each difference can be restored. */
export function Moment({
  reference,
  data,
  entry,
  against,
  moments,
  onAgainst,
  onClose,
}: {
  reference: Reference;
  data: TargetData;
  entry: number;
  /** Undefined: now. */
  against: number | undefined;
  moments: HistoryEntry[];
  onAgainst: (entry: number | undefined) => void;
  onClose: () => void;
}) {
  const { t } = useTranslation();
  const { can } = useSession();
  const language = useLanguage();
  const then = useQuery(valueQueries.at(reference, entry));
  const other = useQuery({ ...valueQueries.at(reference, against ?? 0), enabled: against !== undefined });
  const restore = useMutation({
    mutationKey: ['values', 'fields', 'directory'],
    mutationFn: (custom: Values) =>
      saveTarget(
        reference,
        data.entity,
        { builtin: {}, custom },
        { etag: data.etag, reason: codedReason('restored', atOf(entry)) },
      ),
    onSuccess: (_done, custom) => toast.say(t('history.restored', { count: Object.keys(custom).length })),
  });
  const now = against === undefined ? data.customData : other.data;
  if (!then.data || !now) return <span className="skeleton" style={{ height: 120 }} />;
  const held = then.data;
  // A mask doesn't show its value and can't be restored.
  const differing = data.custom.filter(
    (field) => !isProtected(field) && (held[field.key] ?? null) !== (now[field.key] ?? null),
  );
  const mayRestore = can('write') && against === undefined;
  function atOf(id: number): string | undefined {
    return moments.find((one) => one.id === id)?.at;
  }
  function momentOf(id: number): string {
    const at = atOf(id);
    return at ? moment(at, language) : String(id);
  }
  return (
    <section className="card moment" aria-label={t('history.momentOf', { at: momentOf(entry) })}>
      <header>
        <h2>{t('history.momentOf', { at: momentOf(entry) })}</h2>
        <Button size="small" onClick={onClose}>
          {t('app.close')}
        </Button>
      </header>
      <Select
        aria-label={t('history.against')}
        value={against ?? 0}
        popupMatchSelectWidth={false}
        options={[
          { value: 0, label: t('history.now') },
          ...moments
            .filter(({ id }) => id !== entry)
            .map(({ id, at, actorName }) => ({ value: id, label: `${moment(at, language)} · ${actorName}` })),
        ]}
        onChange={(id: number) => onAgainst(id || undefined)}
      />
      {differing.length === 0 ? (
        <p className="quiet">{t('history.same')}</p>
      ) : (
        <ul className="moment-list">
          {differing.map((field) => (
            <li key={field.key}>
              <b lang={language}>{labelOf(field, language)}</b>
              <span>
                <Said value={held[field.key] ?? null} field={field} />{' '}
                <span className="quiet">
                  {against === undefined ? t('history.nowIs') : t('history.otherIs')}{' '}
                  <Said value={now[field.key] ?? null} field={field} />
                </span>
              </span>
              {mayRestore && (
                <Button
                  size="small"
                  icon={<RotateCcw className="icon" aria-hidden />}
                  loading={restore.isPending}
                  aria-label={t('history.restoreOne', { label: labelOf(field, language) })}
                  onClick={() => restore.mutate({ [field.key]: held[field.key] ?? null })}
                >
                  {t('history.restore')}
                </Button>
              )}
            </li>
          ))}
        </ul>
      )}
      {mayRestore && differing.length > 1 && (
        <Button
          loading={restore.isPending}
          onClick={() => restore.mutate(Object.fromEntries(differing.map(({ key }) => [key, held[key] ?? null])))}
        >
          {t('history.restoreAll', { count: differing.length })}
        </Button>
      )}
    </section>
  );
}
