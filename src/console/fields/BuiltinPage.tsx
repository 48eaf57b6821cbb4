import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { Field } from '#contract/field';
import { definitionQueries } from '../definitions.ts';
import { builtinPath } from '../paths.ts';
import { type Column, DataTable } from '../ui/DataTable.tsx';
import { ErrorPage } from '../ui/ErrorPage.tsx';
import { DataTypeLabel } from './dataTypes.tsx';
import { FieldsFrame } from './FieldsFrame.tsx';
import { FieldName, LanguageChips, Marks, ShownIn } from './facts.tsx';
import './BuiltinPage.css';

/** The built-in fields of users. Their names, translations and visibility can change, their types can't. */
export function BuiltinPage() {
  const { t } = useTranslation();
  const list = useQuery(definitionQueries.builtin('USER'));
  const columns: Column<Field>[] = [
    {
      key: 'name',
      title: t('fields.name'),
      render: (field) => <FieldName field={field} to={builtinPath(field.key)} />,
    },
    {
      key: 'type',
      title: t('fields.type'),
      className: 'nowrap',
      render: (field) => <DataTypeLabel dataType={field.dataType} />,
    },
    { key: 'languages', title: t('fields.languages'), render: (field) => <LanguageChips field={field} /> },
    { key: 'shown', title: t('fields.shownIn'), className: 'shown-in', render: (field) => <ShownIn field={field} /> },
    {
      key: 'marks',
      title: <span className="hidden-text">{t('fields.marks')}</span>,
      render: (field) => <Marks field={field} />,
    },
  ];
  if (list.error) return <ErrorPage error={list.error} onRetry={() => list.refetch()} />;
  return (
    <FieldsFrame targetType="USER" section="built-in">
      <p className="quiet section-text">{t('fields.builtinText')}</p>
      <DataTable label={t('fields.section.built-in')} columns={columns} rows={list.data} rowKey={({ key }) => key} />
    </FieldsFrame>
  );
}
