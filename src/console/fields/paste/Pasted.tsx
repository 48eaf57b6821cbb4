import { Button } from 'antd';
import { type KeyboardEvent, useId, useLayoutEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { languageNames } from '../../i18n/index.ts';
import { IssueText } from '../../inputs/FormField.tsx';
import { keyOf } from '../../inputs/SaveBar.tsx';
import { listOf } from '../../ui/language.ts';
import type { Column } from './columns.ts';
import type { Complaint, Told } from './told.ts';
import './Pasted.css';

const most = 50;

/** What a paste did, where one sees it: it is kept or undone. Enter keeps it, Escape undoes it. */
export function Pasted({
  told: { block, fresh, changed, kept, complaints },
  labelName,
  absent,
  onKeep,
  onUndo,
}: {
  told: Told;
  /** What the column of default texts is called here. */
  labelName: string;
  /** What the block doesn't name, and may be removed for that. */
  absent?: { count: number; isRemoved: boolean; onToggle: () => void };
  onKeep: () => void;
  onUndo: () => void;
}) {
  const { t, i18n } = useTranslation();
  const id = useId();
  const keep = useRef<HTMLButtonElement>(null);
  useLayoutEffect(() => keep.current?.focus(), []);
  const nameOf = (column: Column) =>
    column === 'value' ? t('fields.options.value') : column === 'label' ? labelName : languageNames[column];
  const listed = (names: string[]) => listOf(names, i18n.language);
  const read = block.columns.filter((column) => column !== undefined);
  const beyond = block.isHeaded ? 0 : block.columns.length - read.length;
  return (
    <section
      className="pasted"
      role="dialog"
      aria-labelledby={id}
      aria-describedby={`${id}-facts`}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        event.stopPropagation();
        onUndo();
      }}
    >
      <h3 id={id}>
        {t('fields.paste.title', {
          rows: t('fields.paste.rows', { count: block.rows.length }),
          columns: t('fields.paste.columns', { count: block.columns.length }),
        })}
      </h3>
      <div id={`${id}-facts`} className="pasted-facts">
        <p className="quiet">
          {t(block.isHeaded ? 'fields.paste.headed' : 'fields.paste.headless', { columns: listed(read.map(nameOf)) })}
        </p>
        {block.unknown.length > 0 && (
          <p className="quiet">{t('fields.paste.unknown', { columns: listed(block.unknown) })}</p>
        )}
        {beyond > 0 && <p className="quiet">{t('fields.paste.beyond', { count: beyond })}</p>}
        <p className="pasted-counts">
          {fresh > 0 && <span className="badge good">{t('fields.paste.fresh', { count: fresh })}</span>}
          {changed > 0 && <span className="badge pasted-changed">{t('fields.paste.changed', { count: changed })}</span>}
          {kept > 0 && <span className="badge">{t('fields.paste.kept', { count: kept })}</span>}
          {complaints.length > 0 && (
            <span className="badge caution">{t('fields.paste.left', { count: complaints.length })}</span>
          )}
        </p>
        {complaints.length > 0 && (
          // biome-ignore lint/a11y/noNoninteractiveTabindex: A long list scrolls, also by keyboard.
          <ul className="pasted-left" tabIndex={0} aria-label={t('fields.paste.left', { count: complaints.length })}>
            {complaints.slice(0, most).map((complaint) => (
              <li key={complaint.line}>
                {t('fields.paste.row', { line: complaint.line })} <Reason {...complaint} />
              </li>
            ))}
            {complaints.length > most && <li>… +{(complaints.length - most).toLocaleString(i18n.language)}</li>}
          </ul>
        )}
      </div>
      {absent && absent.count > 0 && (
        <p className="quiet">
          {t(absent.isRemoved ? 'fields.paste.removed' : 'fields.paste.absent', { count: absent.count })}{' '}
          <button type="button" className="link-button" onClick={absent.onToggle}>
            {t(absent.isRemoved ? 'fields.paste.keepAbsent' : 'fields.paste.removeAbsent')}
          </button>
        </p>
      )}
      <footer className="pasted-foot">
        <Button ref={keep} type="primary" size="small" onClick={onKeep}>
          {t('fields.paste.keep')}
        </Button>
        <Button size="small" onClick={onUndo}>
          {t('app.undo')}{' '}
          <kbd className="key" aria-hidden>
            {keyOf('Z')}
          </kbd>
        </Button>
      </footer>
    </section>
  );
}

function Reason(complaint: Complaint) {
  const { t } = useTranslation();
  if ('message' in complaint) return <IssueText message={complaint.message} />;
  if (complaint.reason === 'unknownText') return t('fields.board.reason.unknownText');
  if (complaint.reason === 'repeated') return t('fields.paste.reason.repeated', { other: complaint.other });
  return t(`fields.paste.reason.${complaint.reason}`);
}

/** Which way through the changes a key press asks for. */
export function wayOf({ key, ctrlKey, metaKey, shiftKey, altKey }: KeyboardEvent): 'undo' | 'redo' | undefined {
  if (!(ctrlKey || metaKey) || altKey) return undefined;
  const letter = key.toLowerCase();
  if (letter === 'z') return shiftKey ? 'redo' : 'undo';
  return letter === 'y' ? 'redo' : undefined;
}
