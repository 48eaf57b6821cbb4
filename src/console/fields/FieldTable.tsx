import { Ellipsis, Fingerprint, Pencil, Trash2, UserPen } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { Output } from '#contract/endpoints';
import { type Field, labelOf } from '#contract/field';
import { languages, type TargetType } from '#contract/target';
import { languageNames, languageSigns } from '../i18n/index.ts';
import { useSession } from '../session.ts';
import { type Column, DataTable } from '../ui/DataTable.tsx';
import { useLanguage } from '../ui/language.ts';
import { Menu } from '../ui/Menu.tsx';
import { ago, moment } from '../ui/when.ts';
import { DataTypeLabel } from './dataTypes.tsx';
import { useDeleteField } from './useDeleteField.ts';

export function FieldTable({
  targetType,
  fields,
  counts,
}: {
  targetType: TargetType;
  fields: Field[] | undefined;
  counts: Output<'countValues'> | undefined;
}) {
  const { t } = useTranslation();
  const { can } = useSession();
  const language = useLanguage();
  const remove = useDeleteField();
  const columns: Column<Field>[] = [
    {
      key: 'name',
      title: t('fields.name'),
      render: (field) => (
        <>
          <Link className="row-link" to={`/fields/${targetType}/${encodeURIComponent(field.key)}`} lang={language}>
            {labelOf(field, language)}
          </Link>
          <div className="mono">{field.key}</div>
        </>
      ),
    },
    {
      key: 'type',
      title: t('fields.type'),
      className: 'nowrap',
      render: (field) => <DataTypeLabel dataType={field.dataType} />,
    },
    { key: 'languages', title: t('fields.languages'), render: (field) => <LanguageChips field={field} /> },
    {
      key: 'shown',
      title: t('fields.shownIn'),
      className: 'shown-in',
      render: (field) => (
        <>
          {field.visibleInAdminConsole && <div>{t('fields.shown.console')}</div>}
          {field.visibleInUserCenter && <div>{t('fields.shown.userCenter')}</div>}
          {!field.visibleInAdminConsole && !field.visibleInUserCenter && <div>{t('fields.shown.nowhere')}</div>}
        </>
      ),
    },
    {
      key: 'marks',
      title: <span className="hidden-text">{t('fields.marks')}</span>,
      render: (field) => <Marks field={field} />,
    },
    {
      key: 'filled',
      title: t('fields.filled'),
      card: t('fields.filled'),
      render: (field) => counts && <Filled holders={counts.holders[field.key] ?? 0} targets={counts.targets} />,
    },
    {
      key: 'updated',
      title: t('fields.updated'),
      card: t('fields.updated'),
      className: 'nowrap',
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
    render: (field) => (
      <div className="above-link">
        <Menu
          label={t('app.actionsOf', { label: labelOf(field, language) })}
          face={<Ellipsis className="icon" aria-hidden />}
        >
          <Link role="menuitem" to={`/fields/${targetType}/${encodeURIComponent(field.key)}`}>
            <Pencil className="icon" aria-hidden />
            {t('app.edit')}
          </Link>
          <button type="button" role="menuitem" className="danger" onClick={() => remove(field)}>
            <Trash2 className="icon" aria-hidden />
            {t('fields.delete')}
          </button>
        </Menu>
      </div>
    ),
  };
  return (
    <DataTable
      label={t('fields.title')}
      columns={can('define') ? [...columns, actions] : columns}
      rows={fields}
      rowKey={({ key }) => key}
    />
  );
}

function LanguageChips({ field }: { field: Field }) {
  const { t } = useTranslation();
  return (
    <ul className="chips">
      {languages.map((language) => {
        const { enabled, value } = field.i18n.label[language];
        const state = !value ? 'missing' : enabled ? 'enabled' : 'draft';
        const says = `${languageNames[language]}: ${t(`fields.languageState.${state}`)}`;
        return (
          <li key={language} className={`chip ${state}`} title={value ? `${says} — ${value}` : says}>
            <span aria-hidden lang={language}>
              {languageSigns[language]}
            </span>
            <span className="hidden-text">{says}</span>
          </li>
        );
      })}
    </ul>
  );
}

function Marks({ field }: { field: Field }) {
  const { t } = useTranslation();
  if (!field.isUnique && !field.userEditable) return null;
  return (
    <span className="marks">
      {field.isUnique && (
        <span title={t('fields.mark.unique')}>
          <Fingerprint className="icon" aria-hidden />
          <span className="hidden-text">{t('fields.mark.unique')}</span>
        </span>
      )}
      {field.userEditable && (
        <span title={t('fields.mark.userEditable')}>
          <UserPen className="icon" aria-hidden />
          <span className="hidden-text">{t('fields.mark.userEditable')}</span>
        </span>
      )}
    </span>
  );
}

/** The share is rounded down, so that 100 % means everybody. */
function Filled({ holders, targets }: { holders: number; targets: number }) {
  const { t, i18n } = useTranslation();
  const share = targets ? Math.floor((holders / targets) * 100) : 0;
  const number = (value: number) => value.toLocaleString(i18n.language);
  return (
    <span className="filled" title={t('fields.filledOf', { holders: number(holders), targets: number(targets) })}>
      <span className="filled-bar" aria-hidden>
        <span style={{ width: `${share}%` }} />
      </span>
      {share}%
    </span>
  );
}
