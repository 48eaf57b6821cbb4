import { useVirtualizer } from '@tanstack/react-virtual';
import { Button } from 'antd';
import { Plus } from 'lucide-react';
import { useEffect, useMemo, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { Field } from '#contract/field';
import type { Language } from '#contract/wire/language';
import { languageNames } from '../../i18n/index.ts';
import { IssueText } from '../../inputs/FormField.tsx';
import { useSession } from '../../session.ts';
import { Sortable } from '../../ui/Sortable.tsx';
import { OptionRow } from './OptionRow.tsx';
import type { Row } from './rows.ts';
import { type Listed, type Place, useListActions } from './useListActions.ts';
import { useOptionErrors } from './useOptionErrors.ts';
import './OptionList.css';

const rowHeight = 37;

interface ListProps extends Listed {
  languages: readonly Language[];
  stored: Extract<Field, { dataType: 'ENUM' }> | undefined;
  counts: Map<unknown, number> | undefined;
  /** The rows before a paste that one looks at, by id. */
  before: Map<number, Row> | undefined;
  focus: { id: number; place: Place } | undefined;
}

/** The options in rows, which can be moved, with the errors of the list below. */
export function OptionList(props: ListProps) {
  const { t } = useTranslation();
  const { rows, actions, shown, isSearch } = props;
  const errors = useOptionErrors();
  const complaint = useRef<HTMLParagraphElement>(null);
  // No element of a list can take the focus for the whole list.
  useEffect(() => {
    if (errors.list) complaint.current?.scrollIntoView({ block: 'center' });
  }, [errors.list]);
  // Measured: with 20,000 rows this takes part of a frame, and every keystroke renders the list.
  const ids = useMemo(() => (isSearch ? [] : rows.map(({ id }) => id)), [isSearch, rows]);
  return (
    <>
      <div className="options-frame" style={{ '--languages': props.languages.length } as React.CSSProperties}>
        <Sortable ids={ids} onMove={(id, to) => actions.move(Number(id), to)}>
          <Rows {...props} errors={errors.rows} />
        </Sortable>
      </div>
      {isSearch && shown.length === 0 && <p className="field-help">{t('app.nothing.title')}</p>}
      {errors.list && (
        <p className="field-error" role="alert" ref={complaint}>
          <IssueText message={errors.list} />
        </p>
      )}
    </>
  );
}

/** The visible rows. Scrolling renders only these. */
function Rows(props: ListProps & { errors: ReturnType<typeof useOptionErrors>['rows'] }) {
  const { rows, shown, languages, stored, counts, before, focus, isSearch, errors } = props;
  const { t } = useTranslation();
  const frame = useRef<HTMLDivElement>(null);
  const list = useVirtualizer({
    count: shown.length,
    getScrollElement: () => frame.current,
    estimateSize: () => rowHeight,
    overscan: 3,
    // The head stays above the rows.
    scrollMargin: rowHeight,
    scrollPaddingStart: rowHeight,
    initialRect: { width: 800, height: 520 },
    getItemKey: (index) => shown[index]?.id ?? index,
    // Don't measure before the browser's own layout: it would force a layout for every row that scrolls in.
    measureElement: (row, entry, { itemSizeCache, indexFromElement }) =>
      entry?.borderBoxSize[0]?.blockSize ?? itemSizeCache.get(shown[indexFromElement(row)]?.id ?? 0) ?? rowHeight,
  });
  const firstError = errors.size ? Math.min(...errors.keys()) : undefined;
  useEffect(() => {
    if (firstError !== undefined) list.scrollToIndex(firstError);
  }, [firstError, list]);
  const storedValues = useMemo(() => new Set(stored?.options.map(({ value }) => value)), [stored]);
  const indexes = useMemo(() => new Map(rows.map(({ id }, index) => [id, index])), [rows]);
  const firstNew = useMemo(() => before && shown.findIndex(({ id }) => !before.has(id)), [before, shown]);
  useEffect(() => {
    if (firstNew !== undefined && firstNew >= 0) list.scrollToIndex(firstNew, { align: 'center' });
  }, [firstNew, list]);
  const scroll = (index: number) => list.scrollToIndex(index, { align: 'auto' });
  const { own, add, addButton, moved } = useListActions(props, scroll);
  const items = list.getVirtualItems();
  return (
    <>
      <div className="options-scroll" ref={frame}>
        {rows.length > 0 && <Head languages={languages} isStored={stored !== undefined} />}
        <ol
          aria-label={t('fields.options.title')}
          style={{
            paddingTop: (items[0]?.start ?? rowHeight) - rowHeight,
            paddingBottom: list.getTotalSize() - (items.at(-1)?.end ?? rowHeight) + rowHeight,
          }}
        >
          {items.map(({ index: at, key }) => {
            const row = shown[at];
            const index = row && (indexes.get(row.id) ?? 0);
            if (!row || index === undefined) return null;
            return (
              <OptionRow
                key={key}
                targetType={stored?.targetType ?? 'USER'}
                row={row}
                was={before && (before.get(row.id) ?? null)}
                index={index}
                at={at}
                measure={list.measureElement}
                total={rows.length}
                languages={languages}
                isStored={storedValues.has(row.value)}
                holders={stored && (counts ? (counts.get(row.value) ?? 0) : undefined)}
                focusOn={focus?.id === row.id ? focus.place : undefined}
                labelError={errors.get(index)?.label}
                valueError={errors.get(index)?.value}
                movable={!isSearch}
                actions={own}
              />
            );
          })}
        </ol>
      </div>
      <AddOption buttonRef={addButton} onAdd={() => add('label')} />
      <span className="hidden-text" role="status">
        {moved && t('app.sort.dropped', moved)}
      </span>
    </>
  );
}

function Head({ languages, isStored }: { languages: readonly Language[]; isStored: boolean }) {
  const { t } = useTranslation();
  return (
    <div className="options-head" aria-hidden>
      <span />
      <span>#</span>
      <span>{t('fields.options.value')}</span>
      <span>{t('fields.options.label')}</span>
      {languages.map((language) => (
        <span key={language} lang={language}>
          {languageNames[language]}
        </span>
      ))}
      <span className="holders">{isStored && t('fields.options.holders')}</span>
      <span />
    </div>
  );
}

function AddOption({ buttonRef, onAdd }: { buttonRef: React.Ref<HTMLButtonElement>; onAdd: () => void }) {
  const { t } = useTranslation();
  const { can } = useSession();
  if (!can('define')) return null;
  return (
    <div className="option-add">
      <Button ref={buttonRef} type="link" icon={<Plus className="icon" aria-hidden />} onClick={onAdd}>
        {t('fields.options.add')}
      </Button>
    </div>
  );
}
