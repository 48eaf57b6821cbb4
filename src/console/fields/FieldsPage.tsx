import { useQuery } from '@tanstack/react-query';
import { Button } from 'antd';
import { Plus } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useNavigate, useParams, useSearchParams } from 'react-router';
import { dataTypes, type Field, groupsOf } from '#contract/field';
import { type TargetType, targetTypes } from '#contract/target';
import { textOf } from '#contract/translation';
import { ApiError } from '#contract/wire/errors';
import { fold } from '#contract/wire/fold';
import { languages } from '#contract/wire/language';
import { definitionQueries } from '../definitions.ts';
import { languageName } from '../i18n/index.ts';
import { Filter } from '../inputs/Filter.tsx';
import { SearchBox } from '../inputs/SearchBox.tsx';
import { patiently } from '../reach.ts';
import { useRemembered } from '../returning.ts';
import { useSession } from '../session.ts';
import { Empty } from '../ui/Empty.tsx';
import { ErrorPage } from '../ui/ErrorPage.tsx';
import { useLanguage } from '../ui/language.ts';
import { FieldsFrame } from './FieldsFrame.tsx';
import { FieldTable } from './FieldTable.tsx';

const GroupsDialog = lazy(() =>
  patiently(() => import('./GroupsDialog.tsx')).then((m) => ({ default: m.GroupsDialog })),
);

/** The fields of one target type, with filters by name in any language, key, type, properties and missing texts. */
export function FieldsPage() {
  const { t } = useTranslation();
  const { can } = useSession();
  const params = useParams();
  const targetType = targetTypes.find((known) => known === params.targetType);
  const navigate = useNavigate();
  useRemembered();
  if (!targetType) return <ErrorPage error={new ApiError('notFound')} />;
  return (
    <FieldsFrame
      targetType={targetType}
      section="list"
      actions={
        can('define') && (
          <Button
            type="primary"
            icon={<Plus className="icon" aria-hidden />}
            onClick={() => navigate(`/fields/${targetType}/new`)}
          >
            {t('fields.new')}
          </Button>
        )
      }
    >
      <FieldList key={targetType} targetType={targetType} />
    </FieldsFrame>
  );
}

function FieldList({ targetType }: { targetType: TargetType }) {
  const { t } = useTranslation();
  const { can } = useSession();
  const [params] = useSearchParams();
  const list = useQuery(definitionQueries.custom(targetType));
  const counts = useQuery(definitionQueries.counts(targetType));
  if (list.error) return <ErrorPage error={list.error} onRetry={() => list.refetch()} />;
  const found = list.data?.filter((field) => matches(field, params));
  return (
    <>
      {(list.data?.length ?? 1) > 0 && <Filters targetType={targetType} fields={list.data ?? []} />}
      {found?.length === 0 ? (
        list.data?.length === 0 ? (
          <Empty title={t(`fields.empty.title.${targetType}`)} text={t('fields.empty.text')}>
            {can('define') && (
              <Link className="button-link" to={`/fields/${targetType}/new`}>
                {t('fields.new')}
              </Link>
            )}
          </Empty>
        ) : (
          <Empty title={t('app.nothing.title')} text={t('app.nothing.text')} />
        )
      ) : (
        <FieldTable
          targetType={targetType}
          fields={found}
          counts={counts.data}
          // A position in a filtered list isn't the position in the full list.
          movable={found?.length === list.data?.length && can('define')}
        />
      )}
    </>
  );
}

function Filters({ targetType, fields }: { targetType: TargetType; fields: Field[] }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const { can } = useSession();
  const [isOpen, setOpen] = useState(false);
  const groups = groupsOf(fields).filter(({ name }) => name);
  return (
    <search className="filters">
      <SearchBox label={t('fields.search')} />
      <Filter
        name="type"
        label={t('fields.type')}
        options={dataTypes.map((value) => ({ value, label: t(`fields.dataType.${value}`) }))}
      />
      <Filter
        name="shown"
        label={t('fields.shownIn')}
        options={shownIn.map((value) => ({ value, label: t(`fields.shown.${value}`) }))}
      />
      <Filter
        name="mark"
        label={t('fields.marks')}
        options={marks.map((value) => ({ value, label: t(`fields.mark.${value}`) }))}
      />
      <Filter
        name="missing"
        label={t('fields.missing')}
        options={languages.map((value) => ({ value, label: languageName(value) }))}
      />
      {groups.length > 0 && (
        <Filter
          name="group"
          label={t('fields.group')}
          options={groups.map(({ name, texts }) => ({ value: name, label: textOf(name, texts, language) }))}
        />
      )}
      {groups.length > 0 && can('define') && <Button onClick={() => setOpen(true)}>{t('fields.groups.title')}</Button>}
      <Suspense fallback={null}>
        {isOpen && <GroupsDialog targetType={targetType} fields={fields} onClose={() => setOpen(false)} />}
      </Suspense>
    </search>
  );
}

const shownIn = ['console', 'userCenter', 'nowhere'] as const;
const marks = ['unique', 'encrypted', 'masked', 'userEditable'] as const;
const bears: Record<(typeof marks)[number], (field: Field) => boolean> = {
  unique: ({ isUnique }) => isUnique,
  encrypted: ({ encrypted }) => encrypted,
  masked: ({ desensitization }) => desensitization,
  userEditable: ({ userEditable }) => userEditable,
};

const tests: Record<string, (field: Field, wanted: string) => boolean> = {
  q: (field, wanted) => textsOf(field).some((text) => fold(text).includes(fold(wanted))),
  type: (field, wanted) => field.dataType === wanted,
  shown: (field, wanted) =>
    wanted === 'console'
      ? field.visibleInAdminConsole
      : wanted === 'userCenter'
        ? field.visibleInUserCenter
        : !field.visibleInAdminConsole && !field.visibleInUserCenter,
  mark: (field, wanted) => marks.some((mark) => mark === wanted && bears[mark](field)),
  group: (field, wanted) => field.group === wanted,
  missing: (field, wanted) => languages.some((language) => language === wanted && !field.i18n.label[language].value),
};

function matches(field: Field, params: URLSearchParams): boolean {
  return [...params].every(([name, wanted]) => tests[name]?.(field, wanted) ?? true);
}

const textsOf = (field: Field) => [
  field.key,
  field.label,
  ...languages.map((language) => field.i18n.label[language].value),
];
