import { useQuery } from '@tanstack/react-query';
import { Button, Input } from 'antd';
import { useDeferredValue, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type FieldOption, limits } from '#contract/field';
import type { TargetType } from '#contract/target';
import { loadSheets } from '../files/sheets.ts';
import { usedBy } from '../UsedBy.tsx';
import { readBulk, writeBulk } from './bulk.ts';
import './BulkOptions.css';

/** The options as text, one per line, with a live list of new, kept and removed ones. */
export function BulkOptions({
  targetType,
  options,
  counts,
  onLeave,
  onDone,
  onCancel,
}: {
  targetType: TargetType;
  options: FieldOption[];
  counts: Map<unknown, number> | undefined;
  /** When the focus leaves, the text so far counts, so that saving or leaving doesn't lose it. */
  onLeave: (next: FieldOption[]) => void;
  onDone: (next: FieldOption[]) => void;
  onCancel: () => void;
}) {
  const { t, i18n } = useTranslation();
  const sheets = useQuery({ queryKey: ['sheets'], queryFn: loadSheets, staleTime: Number.POSITIVE_INFINITY }).data;
  const [typed, setTyped] = useState<string>();
  const text = typed ?? (sheets ? writeBulk(sheets, options) : '');
  const settled = useDeferredValue(text);
  if (!sheets) return <span className="skeleton" style={{ height: 240 }} />;
  const next = readBulk(sheets, settled, options);
  const known = new Map(options.map((option) => [option.value, option]));
  const values = new Set(next.map(({ value }) => value));
  const fresh = next.filter(({ value }) => !known.has(value));
  const gone = options.filter(({ value }) => value && !values.has(value));
  const renamed = next.filter(({ value, label }) => known.has(value) && known.get(value)?.label !== label);
  const parts = [
    { name: 'new', list: fresh },
    { name: 'gone', list: gone },
    { name: 'renamed', list: renamed },
  ] as const;
  const number = (value: number) => value.toLocaleString(i18n.language);
  return (
    <div
      className="bulk"
      onBlur={(event) => {
        const stays = event.currentTarget.contains(event.relatedTarget);
        if (!stays && typed !== undefined && next.length <= limits.options) onLeave(readBulk(sheets, text, options));
      }}
    >
      <Input.TextArea
        aria-label={t('fields.options.asText')}
        aria-describedby="bulk-help"
        rows={14}
        spellCheck={false}
        autoFocus
        value={text}
        onChange={(event) => setTyped(event.target.value)}
      />
      <p className="field-help" id="bulk-help">
        {t('fields.options.textHelp')}
      </p>
      <div className="bulk-changes" aria-live="polite">
        <p>{t('fields.options.kept', { kept: number(next.length - fresh.length), total: number(next.length) })}</p>
        {parts.map(
          ({ name, list }) =>
            list.length > 0 && (
              <div key={name} className={`bulk-part ${name}`}>
                <b>{t(`fields.options.part.${name}`, { number: number(list.length) })}</b>
                <ul>
                  {list.slice(0, 50).map(({ value, label }) => (
                    <li key={value}>
                      {label} <span className="mono">{value}</span>
                      {name === 'gone' && (counts?.get(value) ?? 0) > 0 && (
                        <small> · {usedBy(t, targetType, counts?.get(value) ?? 0)}</small>
                      )}
                    </li>
                  ))}
                  {list.length > 50 && <li>… +{number(list.length - 50)}</li>}
                </ul>
              </div>
            ),
        )}
        {next.length > limits.options && (
          <p className="field-error" role="alert">
            {t('issues.tooMany', { limit: number(limits.options) })}
          </p>
        )}
      </div>
      <footer className="bulk-foot">
        <Button onClick={onCancel}>{t('app.cancel')}</Button>
        <Button
          type="primary"
          disabled={next.length > limits.options}
          onClick={() => onDone(readBulk(sheets, text, options))}
        >
          {t('app.done')}
        </Button>
      </footer>
    </div>
  );
}
