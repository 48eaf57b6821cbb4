import { useMutation } from '@tanstack/react-query';
import type { TFunction } from 'i18next';
import { Copy, Ellipsis, HeartPulse, Pencil, Trash2 } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { Output } from '#contract/endpoints';
import { type Field, labelOf } from '#contract/field';
import { type TargetType, targetTypes } from '#contract/target';
import type { Language } from '#contract/wire/language';
import { PositionInput } from '../inputs/PositionInput.tsx';
import { fieldPath, listPath } from '../paths.ts';
import { useSession } from '../session.ts';
import { type Sort, useSort } from '../sort.ts';
import { type Column, DataTable } from '../ui/DataTable.tsx';
import { useLanguage } from '../ui/language.ts';
import { Menu } from '../ui/Menu.tsx';
import { Grip, Sortable, SortableRow } from '../ui/Sortable.tsx';
import { ago, moment } from '../ui/when.ts';
import { DataTypeLabel } from './dataTypes.tsx';
import { FieldName, LanguageChips, Marks, RowInWords, ShownIn } from './facts.tsx';
import { useDeleteField } from './plan/useDeleteField.ts';
import { moveField } from './queries.ts';
import './FieldTable.css';

export function FieldTable({
  targetType,
  fields,
  counts,
  movable: isWhole,
}: {
  targetType: TargetType;
  fields: Field[] | undefined;
  counts: Output<'countValues'> | undefined;
  /** They are all fields, so a position means what it says. */
  movable: boolean;
}) {
  const { t } = useTranslation();
  const { can } = useSession();
  const language = useLanguage();
  const remove = useDeleteField();
  const move = useMutation(moveField());
  const filledOf = ({ key }: Field) => counts && sayFilled(counts, key, language, t);
  const { sort, sortBy } = useSort();
  const movable = isWhole && !sort;
  const ordered = fields && sort ? sorted(fields, sort, { language, t, counts }) : fields;
  const rows = ordered && move.isPending ? moved(ordered, move.variables) : ordered;
  const columns: Column<Field>[] = [
    {
      key: 'name',
      title: t('fields.name'),
      sort: sortBy('name'),
      className: 'field-name',
      render: (field) => (
        <>
          <FieldName field={field} to={fieldPath(targetType, field.key)} />
          <RowInWords field={field} filled={filledOf(field)} />
        </>
      ),
    },
    {
      key: 'type',
      title: t('fields.type'),
      sort: sortBy('type'),
      className: 'nowrap',
      render: (field) => <DataTypeLabel dataType={field.dataType} />,
    },
    { key: 'languages', title: t('fields.languages'), render: (field) => <LanguageChips field={field} /> },
    {
      key: 'shown',
      title: t('fields.shownIn'),
      className: 'shown-in',
      render: (field) => <ShownIn field={field} />,
    },
    {
      key: 'marks',
      title: <span className="hidden-text">{t('fields.marks')}</span>,
      render: (field) => <Marks field={field} />,
    },
    {
      key: 'filled',
      title: t('fields.filled'),
      sort: sortBy('filled'),
      card: t('fields.filled'),
      render: (field) => counts && <Filled field={field} counts={counts} says={filledOf(field)} />,
    },
    {
      key: 'updated',
      title: t('fields.updated'),
      sort: sortBy('updated'),
      card: t('fields.updated'),
      className: 'field-updated',
      render: ({ updatedAt }) =>
        updatedAt && (
          <time dateTime={updatedAt} title={moment(updatedAt, language)}>
            {ago(updatedAt, language)}
          </time>
        ),
    },
  ];
  const actions: Column<Field> = {
    key: 'actions',
    title: <span className="hidden-text">{t('app.actions')}</span>,
    className: 'actions',
    render: (field) => <RowMenu field={field} onDelete={() => remove.run(field)} />,
  };
  const place: Column<Field> = {
    key: 'place',
    title: <span className="hidden-text">{t('fields.order.place')}</span>,
    className: 'place',
    render: (field) => (
      <span className="above-link place">
        <Grip label={t('fields.order.move', { label: labelOf(field, language) })} />
        <PositionInput
          position={(rows?.indexOf(field) ?? 0) + 1}
          last={rows?.length ?? 0}
          label={t('fields.order.positionOf', { label: labelOf(field, language) })}
          onMove={(position) => move.mutate({ targetType, key: field.key, position })}
        />
      </span>
    ),
  };
  const all = [...(movable ? [place] : []), ...columns, ...(can('define') ? [actions] : [])];
  const table = (
    <DataTable
      className="field-table"
      label={t('fields.title')}
      columns={all}
      rows={rows}
      rowKey={({ key }) => key}
      {...(movable && { Row: SortableRow })}
    />
  );
  return (
    <>
      {movable && rows ? (
        <Sortable
          ids={rows.map(({ key }) => key)}
          onMove={(key, position) => move.mutate({ targetType, key: String(key), position })}
        >
          {table}
        </Sortable>
      ) : (
        table
      )}
      {remove.dialog}
    </>
  );
}

function RowMenu({ field, onDelete }: { field: Field; onDelete: () => void }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const { targetType } = field;
  return (
    <div className="above-link">
      <Menu
        label={t('app.actionsOf', { label: labelOf(field, language) })}
        face={<Ellipsis className="icon" aria-hidden />}
      >
        <Link role="menuitem" to={fieldPath(targetType, field.key)}>
          <Pencil className="icon" aria-hidden />
          {t('app.edit')}
        </Link>
        <Link role="menuitem" to={`${fieldPath(targetType, field.key)}/health`}>
          <HeartPulse className="icon" aria-hidden />
          {t('fields.health.title')}
        </Link>
        {targetTypes.map((type) => (
          <Link
            key={type}
            role="menuitem"
            to={`/fields/${type}/new?copy=${targetType}/${encodeURIComponent(field.key)}`}
          >
            <Copy className="icon" aria-hidden />
            {type === targetType ? t('fields.copy.here') : t(`fields.copy.to.${type}`)}
          </Link>
        ))}
        <button type="button" role="menuitem" className="danger" onClick={onDelete}>
          <Trash2 className="icon" aria-hidden />
          {t('fields.delete')}
        </button>
      </Menu>
    </div>
  );
}

/** The fields by what a column shows; those without it come last. */
function sorted(
  fields: Field[],
  { field: by, descending }: Sort,
  { language, t, counts }: { language: Language; t: TFunction; counts: Output<'countValues'> | undefined },
): Field[] {
  const { compare } = new Intl.Collator(language, { numeric: true });
  const asked: Record<string, (field: Field) => string | number | undefined> = {
    name: (field) => labelOf(field, language),
    type: ({ dataType }) => t(`fields.dataType.${dataType}`),
    filled: ({ key }) => counts?.holders[key],
    updated: ({ updatedAt }) => updatedAt && Date.parse(updatedAt),
  };
  const known = fields.map((field) => ({ field, value: asked[by]?.(field) }));
  return known
    .toSorted(({ value: a }, { value: b }) => {
      if (a === undefined || b === undefined) return Number(a === undefined) - Number(b === undefined);
      const order = typeof a === 'number' ? a - Number(b) : compare(a, String(b));
      return descending ? -order : order;
    })
    .map(({ field }) => field);
}

/** The fields with one of them at its new position, until the server confirms it. */
function moved(fields: Field[], { key, position }: { key: string; position: number }): Field[] {
  const field = fields.find((one) => one.key === key);
  return field ? fields.filter((one) => one !== field).toSpliced(position - 1, 0, field) : fields;
}

function sayFilled({ holders, targets }: Output<'countValues'>, key: string, language: string, t: TFunction) {
  const held = holders[key];
  if (held === undefined) return undefined;
  return t('fields.filledOf', { holders: held.toLocaleString(language), targets: targets.toLocaleString(language) });
}

/** The share is rounded down, so that 100 % means everybody. Without `holders`, the viewer may not know it. */
function Filled({
  field: { targetType, key },
  counts: { holders: allHolders, targets },
  says,
}: {
  field: Field;
  counts: Output<'countValues'>;
  says: string | undefined;
}) {
  const holders = allHolders[key];
  if (holders === undefined) return <span className="quiet">—</span>;
  const share = targets ? Math.floor((holders / targets) * 100) : 0;
  return (
    <span className="filled" title={says}>
      <span className="filled-bar" aria-hidden>
        <span style={{ width: `${share}%` }} />
      </span>
      {holders ? (
        <Link className="above-link" to={listPath(targetType, { field: key, operator: 'NOT_NULL' })}>
          {share}%
        </Link>
      ) : (
        `${share}%`
      )}
    </span>
  );
}
