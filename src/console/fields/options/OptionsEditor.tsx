import { useQuery } from '@tanstack/react-query';
import { useVirtualizer } from '@tanstack/react-virtual';
import { Button } from 'antd';
import { Plus, Text } from 'lucide-react';
import { useEffect, useMemo, useRef, useState } from 'react';
import { type FieldErrors, useFormContext } from 'react-hook-form';
import { useTranslation } from 'react-i18next';
import { type Field, type FieldDefinition, type FieldOption, labelOf } from '#contract/field';
import { fold } from '#contract/wire/fold';
import { type Language, languages } from '#contract/wire/language';
import { languageName } from '../../i18n/index.ts';
import { IssueText } from '../../inputs/FormField.tsx';
import { SearchInput } from '../../inputs/SearchBox.tsx';
import { useSession } from '../../session.ts';
import { useLanguage } from '../../ui/language.ts';
import { Sortable } from '../../ui/Sortable.tsx';
import { fieldQueries } from '../queries.ts';
import { TextChoice } from '../translations/LanguageChoice.tsx';
import { BulkOptions } from './BulkOptions.tsx';
import { type Column, type ListActions, OptionRow } from './OptionRow.tsx';
import { RetiredOptions } from './RetiredOptions.tsx';
import { isBlank, type Row, type RowActions, useOptionRows, withoutBlankEnd } from './useOptionRows.ts';
import './OptionsEditor.css';

type EnumField = Extract<FieldDefinition, { dataType: 'ENUM' }>;
const rowHeight = 47;

/** The options of a single select: a list that stays fast with 20,000 rows, or the same as text. */
export function OptionsEditor({ stored }: { stored: Field | undefined }) {
  const { t, i18n } = useTranslation();
  const { can } = useSession();
  const mayDefine = can('define');
  const { rows, actions } = useOptionRows();
  // In text mode: the options from before.
  const [bulk, setBulk] = useState<FieldOption[]>();
  const [search, setSearch] = useState('');
  const own = useLanguage();
  const [language, setLanguage] = useState<Language | 'default'>(() =>
    // Whoever reads another language than the default texts sees what they know beside them.
    rows.some((option) => labelOf(option, own) !== option.label) ? own : 'default',
  );
  const counts = useQuery({
    ...fieldQueries.options(stored?.targetType ?? 'USER', stored?.key ?? ''),
    enabled: Boolean(stored) && mayDefine,
  });
  const wanted = fold(search.trim());
  const shown = wanted ? rows.filter((row) => textsOf(row).some((text) => fold(text.trim()).includes(wanted))) : rows;
  return (
    <section className="card">
      <header>
        <h2>
          {t('fields.options.title')}{' '}
          <small className="quiet">{withoutBlankEnd(rows).length.toLocaleString(i18n.language)}</small>
        </h2>
        {!bulk && mayDefine && (
          <Button
            type="link"
            icon={<Text className="icon" aria-hidden />}
            onClick={() => setBulk(withoutBlankEnd(rows))}
          >
            {t('fields.options.asText')}
          </Button>
        )}
      </header>
      {bulk ? (
        <BulkOptions
          targetType={stored?.targetType ?? 'USER'}
          options={bulk}
          counts={counts.data}
          onLeave={actions.replace}
          onDone={(next) => {
            actions.replace(next);
            setBulk(undefined);
          }}
          onCancel={() => {
            actions.replace(bulk);
            setBulk(undefined);
          }}
        />
      ) : (
        <>
          {rows.length > 0 && (
            <div className="options-tools">
              <SearchInput label={t('fields.options.search')} value={search} onType={setSearch} />
              <TextChoice label={t('fields.options.translate')} value={language} onChange={setLanguage} />
            </div>
          )}
          <OptionList
            rows={rows}
            actions={actions}
            shown={shown}
            isSearch={wanted !== ''}
            language={language === 'default' ? undefined : language}
            stored={stored && 'options' in stored ? stored : undefined}
            counts={counts.data}
          />
          {stored && <p className="field-help">{t('fields.options.removeHelp')}</p>}
        </>
      )}
      {stored && 'retiredOptions' in stored && (
        <RetiredOptions
          stored={stored}
          counts={counts.data}
          onRevive={(option) => actions.insert(rows.length, [option])}
        />
      )}
    </section>
  );
}

interface ListProps {
  rows: Row[];
  actions: RowActions;
  /** The rows that match the search. */
  shown: Row[];
  isSearch: boolean;
  language: Language | undefined;
  stored: EnumField | undefined;
  counts: Map<unknown, number> | undefined;
}

function OptionList(props: ListProps) {
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
      <div className="options-frame">
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
function Rows({
  rows,
  actions,
  shown,
  isSearch,
  language,
  stored,
  counts,
  errors,
}: ListProps & { errors: Map<number, RowErrors> }) {
  const { t } = useTranslation();
  const { can } = useSession();
  const frame = useRef<HTMLDivElement>(null);
  const [focus, setFocus] = useState<{ id: number; column: Column }>();
  const addButton = useRef<HTMLButtonElement>(null);
  const list = useVirtualizer({
    count: shown.length,
    getScrollElement: () => frame.current,
    estimateSize: () => rowHeight,
    overscan: 3,
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
  const show = (row: Row, column: Column, index = shown.indexOf(row)) => {
    setFocus({ id: row.id, column });
    list.scrollToIndex(index, { align: 'auto' });
  };
  const add = (column: Column) => {
    const [fresh] = actions.insert(rows.length, [{ value: '', label: '' }]);
    if (fresh) show(fresh, column, rows.length);
  };
  const latest = useRef({ shown, isSearch, show, add, list });
  latest.current = { shown, isSearch, show, add, list };
  const [own] = useState<ListActions>(() => ({
    ...actions,
    focused: () => setFocus(undefined),
    next(id, column) {
      const { shown: now, show: goTo, add: append, isSearch: isPart } = latest.current;
      const at = now.findIndex((row) => row.id === id);
      const [here, below] = [now[at], now[at + 1]];
      if (below) goTo(below, column);
      else if (here && !isBlank(here) && !isPart) append(column);
    },
    remove(id) {
      const { shown: now, show: goTo } = latest.current;
      const at = now.findIndex((row) => row.id === id);
      const near = now[at + 1] ?? now[at - 1];
      actions.remove(id);
      if (near) goTo(near, 'remove', at);
      else addButton.current?.focus();
    },
    moveTo(id, position) {
      actions.move(id, position);
      latest.current.list.scrollToIndex(position - 1);
    },
  }));
  const items = list.getVirtualItems();
  return (
    <>
      {rows.length > 0 && (
        <div className={language ? 'options-head translated' : 'options-head'} aria-hidden>
          <span />
          <span>#</span>
          <span>{t('fields.options.label')}</span>
          <span>{t('fields.options.value')}</span>
          {language && <span>{languageName(language)}</span>}
          <span className="holders">{stored && t('fields.options.holders')}</span>
          <span />
        </div>
      )}
      <div className="options-scroll" ref={frame}>
        <ol
          aria-label={t('fields.options.title')}
          style={{
            paddingTop: items[0]?.start ?? 0,
            paddingBottom: list.getTotalSize() - (items.at(-1)?.end ?? 0),
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
                index={index}
                at={at}
                measure={list.measureElement}
                total={rows.length}
                language={language}
                isStored={storedValues.has(row.value)}
                holders={stored && (counts ? (counts.get(row.value) ?? 0) : undefined)}
                focusOn={focus?.id === row.id ? focus.column : undefined}
                labelError={errors.get(index)?.label}
                valueError={errors.get(index)?.value}
                movable={!isSearch}
                actions={own}
              />
            );
          })}
        </ol>
      </div>
      {can('define') && (
        <div className="option-add">
          <Button ref={addButton} type="link" icon={<Plus className="icon" aria-hidden />} onClick={() => add('label')}>
            {t('fields.options.add')}
          </Button>
          <kbd aria-hidden>Enter</kbd>
          <span className="field-help">{t('fields.options.pasteHelp')}</span>
        </div>
      )}
    </>
  );
}

interface RowErrors {
  label?: string | undefined;
  value?: string | undefined;
}

/** The errors of the options: of the list, and of rows by index. */
function useOptionErrors(): { list: string | undefined; rows: Map<number, RowErrors> } {
  const { formState } = useFormContext<FieldDefinition>();
  // The form's type is a union. Only a single select has options.
  const error = (formState.errors as FieldErrors<EnumField>).options;
  const rows = new Map<number, RowErrors>();
  if (Array.isArray(error)) {
    for (const [index, row] of error.entries()) {
      if (row) rows.set(index, { label: row.label?.message, value: row.value?.message });
    }
  }
  return { list: error?.root?.message ?? (rows.size ? undefined : error?.message), rows };
}

const textsOf = ({ value, label, i18n }: FieldOption) => [
  value,
  label,
  ...languages.map((language) => i18n?.label[language].value ?? ''),
];
