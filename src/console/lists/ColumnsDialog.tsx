import { Button, Select } from 'antd';
import { useRef, useState } from 'react';
import { flushSync } from 'react-dom';
import { useController, useForm } from 'react-hook-form';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import { type Field, isProtected, labelOf } from '#contract/field';
import { listInput } from '#contract/list';
import type { TargetType } from '#contract/target';
import { fold } from '#contract/wire/fold';
import { BoundField } from '../inputs/BoundField.tsx';
import { searchChoices } from '../inputs/choices.tsx';
import { DialogForm } from '../inputs/DialogForm.tsx';
import { IssueText } from '../inputs/FormField.tsx';
import { judgedBy } from '../inputs/form.ts';
import { SearchInput } from '../inputs/SearchBox.tsx';
import { fromStart, sortOf, withSort } from '../sort.ts';
import { useLanguage } from '../ui/language.ts';
import { Grip, Sortable, SortableRow } from '../ui/Sortable.tsx';
import { columnsOf, findField, type ListFields } from './list.ts';
import './ColumnsDialog.css';

const judge = judgedBy(listInput.pick({ columns: true, sort: true }));

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
  const form = useForm({
    resolver: judge,
    defaultValues: { columns: columnsOf(params, targetType, fields), sort: sortOf(params) ?? null },
  });
  const { field: columns, fieldState } = useController({ control: form.control, name: 'columns' });
  const chosen = columns.value ?? [];
  const [search, setSearch] = useState('');
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
    flushSync(() => columns.onChange([...chosen, key]));
    const left = list.current?.querySelectorAll('input');
    (left?.[at] ?? left?.[at - 1])?.focus();
  }
  const nameOf = (field: Field) => <span lang={language}>{labelOf(field, language)}</span>;
  return (
    <DialogForm
      title={t('lists.columns')}
      size="medium"
      form={form}
      submitLabel={t('app.done')}
      aside={
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
      }
      onSubmit={async ({ columns: kept = [], sort }) => {
        setParams((now) => {
          now.set('columns', kept.join(','));
          return withSort(fromStart(now), sort ? { descending: false, ...sort } : undefined);
        });
        onClose();
      }}
      onClose={onClose}
    >
      <Sortable
        ids={chosen}
        onMove={(key, position) =>
          columns.onChange(chosen.filter((one) => one !== key).toSpliced(position - 1, 0, String(key)))
        }
      >
        <ul className="columns-chosen" aria-label={t('lists.shownColumns')}>
          {chosen.map((key) => {
            const shown = findField(fields, key);
            if (!shown) return null;
            return (
              <SortableRow key={key} id={key} as="li">
                <Grip label={t('lists.moveColumn', { label: labelOf(shown, language) })} />
                <label className="check">
                  <input
                    type="checkbox"
                    checked
                    onChange={() => columns.onChange(chosen.filter((one) => one !== key))}
                  />
                  {nameOf(shown)}
                </label>
              </SortableRow>
            );
          })}
        </ul>
      </Sortable>
      {fieldState.error && (
        <p className="field-error" role="alert">
          <IssueText message={fieldState.error.message ?? ''} />
        </p>
      )}
      <SearchInput // Enter would submit the form.
        onPressEnter={(event) => event.preventDefault()}
        label={t('lists.searchColumns')}
        value={search}
        onType={setSearch}
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
      <BoundField control={form.control} name="sort" label={t('lists.sortBy')}>
        {({ value: sort, onChange, ...props }) => (
          <div className="columns-sort">
            <Select
              {...props}
              allowClear
              value={sort?.field ?? null}
              placeholder={t('lists.newestFirst')}
              options={[findField(fields, 'name'), ...offered.filter(({ key }) => key !== 'name')].flatMap((one) =>
                one && !isProtected(one) ? [{ value: one.key, label: labelOf(one, language) }] : [],
              )}
              showSearch={searchChoices}
              onChange={(next?: string) => onChange(next ? { descending: sort?.descending, field: next } : null)}
            />
            <label className="check">
              <input
                type="checkbox"
                checked={sort?.descending ?? false}
                disabled={!sort}
                onChange={(event) => onChange({ ...sort, descending: event.target.checked })}
              />
              {t('lists.descending')}
            </label>
          </div>
        )}
      </BoundField>
    </DialogForm>
  );
}
