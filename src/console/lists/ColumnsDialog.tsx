import { Button, Input, Select } from 'antd';
import { useRef, useState } from 'react';
import { flushSync } from 'react-dom';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import { type Field, isProtected, labelOf } from '#contract/field';
import type { TargetType } from '#contract/target';
import { fold } from '#contract/wire/fold';
import { searchChoices } from '../inputs/choices.ts';
import { FormField } from '../inputs/FormField.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import { useLanguage } from '../ui/language.ts';
import { Grip, Sortable, SortableRow } from '../ui/Sortable.tsx';
import { columnsOf, findField, fromStart, type ListFields, sortOf, withSort } from './list.ts';
import './ColumnsDialog.css';

/** The columns of a list, their order, and the sort. */
export function ColumnsDialog({
  targetType,
  fields,
  onClose,
}: {
  targetType: TargetType;
  fields: ListFields;
  onClose: () => void;
}) {
  const { t } = useTranslation();
  const language = useLanguage();
  const [params, setParams] = useSearchParams();
  const [chosen, setChosen] = useState(() => columnsOf(params, targetType, fields));
  const [search, setSearch] = useState('');
  const sort = sortOf(params);
  const [sorted, setSorted] = useState(sort?.field);
  const [descending, setDescending] = useState(sort?.descending ?? false);
  const offered = [...fields.custom.filter((field) => field.visibleInAdminConsole), ...fields.builtin];
  const wanted = fold(search.trim());
  const others = offered.filter(
    (field) =>
      !chosen.includes(field.key) &&
      field.key !== 'name' &&
      [field.key, labelOf(field, language)].some((text) => fold(text).includes(wanted)),
  );
  const list = useRef<HTMLUListElement>(null);
  /** Moves the focus to the next checkbox, because the chosen one leaves the list. */
  function choose(key: string, at: number) {
    flushSync(() => setChosen([...chosen, key]));
    const left = list.current?.querySelectorAll('input');
    (left?.[at] ?? left?.[at - 1])?.focus();
  }
  const nameOf = (field: Field) => <span lang={language}>{labelOf(field, language)}</span>;
  return (
    <Dialog title={t('lists.columns')} size="medium" onClose={onClose}>
      <Sortable
        ids={chosen}
        onMove={(key, position) =>
          setChosen((now) => now.filter((one) => one !== key).toSpliced(position - 1, 0, String(key)))
        }
      >
        <ul className="columns-chosen" aria-label={t('lists.shownColumns')}>
          {chosen.map((key) => {
            const field = findField(fields, key);
            if (!field) return null;
            return (
              <SortableRow key={key} id={key} as="li">
                <Grip label={t('lists.moveColumn', { label: labelOf(field, language) })} />
                <label className="check">
                  <input type="checkbox" checked onChange={() => setChosen(chosen.filter((one) => one !== key))} />
                  {nameOf(field)}
                </label>
              </SortableRow>
            );
          })}
        </ul>
      </Sortable>
      <Input
        type="search"
        allowClear
        aria-label={t('lists.searchColumns')}
        placeholder={t('lists.searchColumns')}
        value={search}
        onChange={(event) => setSearch(event.target.value)}
      />
      <ul ref={list} className="columns-others" aria-label={t('lists.otherColumns')}>
        {others.map((field, at) => (
          <li key={field.key}>
            <label className="check">
              <input type="checkbox" checked={false} onChange={() => choose(field.key, at)} />
              {nameOf(field)}
            </label>
          </li>
        ))}
      </ul>
      <FormField label={t('lists.sortBy')}>
        {(control) => (
          <div className="columns-sort">
            <Select
              {...control}
              allowClear
              value={sorted ?? null}
              placeholder={t('lists.newestFirst')}
              options={[findField(fields, 'name'), ...offered.filter(({ key }) => key !== 'name')].flatMap((field) =>
                field && !isProtected(field) ? [{ value: field.key, label: labelOf(field, language) }] : [],
              )}
              showSearch={searchChoices}
              onChange={(next: string | undefined) => setSorted(next)}
            />
            <label className="check">
              <input
                type="checkbox"
                checked={descending}
                disabled={!sorted}
                onChange={(event) => setDescending(event.target.checked)}
              />
              {t('lists.descending')}
            </label>
          </div>
        )}
      </FormField>
      <footer>
        <Button
          onClick={() => {
            setParams((now) => {
              now.delete('columns');
              return withSort(now, undefined);
            });
            onClose();
          }}
        >
          {t('lists.usual')}
        </Button>
        <Button onClick={onClose}>{t('app.cancel')}</Button>
        <Button
          type="primary"
          onClick={() => {
            setParams((now) => {
              now.set('columns', chosen.join(','));
              return withSort(fromStart(now), sorted ? { field: sorted, descending } : undefined);
            });
            onClose();
          }}
        >
          {t('app.done')}
        </Button>
      </footer>
    </Dialog>
  );
}
