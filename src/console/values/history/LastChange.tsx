import { useQuery } from '@tanstack/react-query';
import type { TFunction } from 'i18next';
import { History, RotateCcw } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { type Field, isProtected } from '#contract/field';
import type { HistoryEntry } from '#contract/history';
import type { Reference } from '../../kinds.ts';
import { useLanguage } from '../../ui/language.ts';
import { sayReason } from '../../ui/reason.ts';
import { sayValue } from '../../ui/ValueText.tsx';
import { ago, moment } from '../../ui/when.ts';
import type { Part } from '../form.ts';
import { targetPath, valueQueries } from '../targets.ts';
import { short } from '../ValueNotes.tsx';
import { type FieldChange, lastChangeIn } from './changes.ts';
import { Said } from './Said.tsx';
import type { Undoable } from './useUndoChange.ts';
import './LastChange.css';

/** A card of less room above opens below. */
const cardHeight = 200;

/** Who changed a field last, when and from where, and the way back to the value before. Nothing if nobody did. */
export function LastChange({
  reference,
  etag,
  part,
  field,
  onUndo,
}: {
  reference: Reference;
  /** Of the state that is shown. */
  etag: string | null;
  part: Part;
  field: Field;
  /** Undefined if it can't be edited. */
  onUndo: ((change: Undoable) => void) | undefined;
}) {
  const { t } = useTranslation();
  const language = useLanguage();
  const { data } = useQuery(valueQueries.latest(reference, etag));
  const [open, setOpen] = useState<'above' | 'below'>();
  const last = data && lastChangeIn(data, part, field.key);
  if (!last) return null;
  const { entry, change } = last;
  const when = ago(entry.at, language);
  const said = `${entry.actorName} ${throughOf(entry, t)}`;
  const show = (element: Element) => setOpen(element.getBoundingClientRect().top > cardHeight ? 'above' : 'below');
  const revert =
    part === 'custom' && isProtected(field)
      ? t('history.revertBefore')
      : t('values.revert', {
          value: change.before === null ? t('values.notSet') : short(sayValue(change.before, field, language, t)),
        });
  return (
    <span
      className="last-change"
      onPointerLeave={() => setOpen(undefined)}
      onKeyDown={(event) => {
        if (event.key === 'Escape' && open) {
          event.stopPropagation();
          setOpen(undefined);
        }
      }}
      onBlur={({ currentTarget, relatedTarget }) => {
        if (!currentTarget.contains(relatedTarget)) setOpen(undefined);
      }}
    >
      <button
        type="button"
        className="last-change-when"
        aria-label={`${when}, ${said}`}
        aria-expanded={open !== undefined}
        onPointerEnter={({ currentTarget }) => show(currentTarget)}
        onFocus={({ currentTarget }) => show(currentTarget)}
        onClick={({ currentTarget }) => show(currentTarget)}
      >
        <History className="icon" aria-hidden />
        <span>{when}</span>
      </button>
      {onUndo && (
        <button
          type="button"
          className="last-change-act"
          title={revert}
          aria-label={revert}
          onClick={() => onUndo({ request: entry.request, at: entry.at, key: field.key })}
        >
          <RotateCcw className="icon" aria-hidden />
        </button>
      )}
      {open && (
        <Card
          side={open}
          entry={entry}
          change={change}
          field={field}
          to={part === 'custom' ? `?field=${encodeURIComponent(field.key)}` : ''}
          path={`${targetPath(reference)}/history`}
        />
      )}
    </span>
  );
}

const throughOf = (entry: HistoryEntry, t: TFunction): string =>
  entry.byPlan ? t('history.through.plan') : t(`history.through.${entry.through}`);

function Card({
  side,
  entry,
  change,
  field,
  path,
  to,
}: {
  side: 'above' | 'below';
  entry: HistoryEntry;
  change: FieldChange;
  field: Field;
  path: string;
  to: string;
}) {
  const { t } = useTranslation();
  const language = useLanguage();
  return (
    <span className={`last-change-card ${side}`}>
      <span>
        <span>
          <Said value={change.before} field={field} removed /> → <Said value={change.after} field={field} />
        </span>
        <span>
          <b>{entry.actorName}</b> <span className="quiet">{throughOf(entry, t)}</span>
        </span>
        <time className="quiet" dateTime={entry.at}>
          {moment(entry.at, language)}
        </time>
        {entry.reason && <span className="quiet">{sayReason(entry.reason, language, t)}</span>}
        <Link to={path + to}>{t('history.all')}</Link>
      </span>
    </span>
  );
}
