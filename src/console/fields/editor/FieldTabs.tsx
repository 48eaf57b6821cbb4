import { CircleAlert } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { DataType, FieldDefinition } from '#contract/field';
import type { Property } from '#contract/plan';
import { type FieldTab, fieldTabs, firstTabOf } from '../../paths.ts';
import { useLanguage } from '../../ui/language.ts';
import { variants } from './variants.tsx';
import './FieldTabs.css';

/** The tabs that a field has. */
export function tabsOf(dataType: DataType, isBuiltin: boolean): FieldTab[] {
  if (isBuiltin) return ['name', 'visibility'];
  const { tab: own } = variants[dataType];
  return fieldTabs.filter((tab) => (tab !== 'options' && tab !== 'rules') || tab === own);
}

/** The tabs of a field. Each shows how much it holds, and whether something in it changed or is wrong. */
export function FieldTabs({
  tabs,
  current,
  label,
  pathOf,
  values,
  changed,
  wrong,
}: {
  tabs: FieldTab[];
  current: FieldTab;
  label: string;
  pathOf: (tab: FieldTab) => string;
  values: FieldDefinition;
  changed: Property[];
  wrong: FieldTab[];
}) {
  const { t } = useTranslation();
  const language = useLanguage();
  const has = (tab: FieldTab) => changed.some((name) => firstTabOf([name]) === tab);
  return (
    <nav className="tabs field-tabs" aria-label={label}>
      {tabs.map((tab) => (
        <Link key={tab} to={pathOf(tab)} aria-current={tab === current ? 'page' : undefined}>
          {t(`fields.tab.${tab}`)}
          {countOf[tab]?.(values) ? <small> {countOf[tab](values).toLocaleString(language)}</small> : null}
          {wrong.includes(tab) ? (
            <span className="tab-mark wrong">
              <CircleAlert className="icon" aria-hidden />
              <span className="hidden-text"> {t('fields.tabMark.wrong')}</span>
            </span>
          ) : (
            has(tab) && (
              <span className="tab-mark">
                <span className="hidden-text"> {t('fields.tabMark.changed')}</span>
              </span>
            )
          )}
        </Link>
      ))}
    </nav>
  );
}

/** How much a tab holds, where that can be counted. */
const countOf: Partial<Record<FieldTab, (values: FieldDefinition) => number>> = {
  options: (values) => ('options' in values ? values.options.length : 0),
  // `UNIQUE` has its own switch, and `None` means nothing.
  rules: ({ validateRules, isUnique }) =>
    validateRules.filter(({ type }) => type !== 'UNIQUE' && type !== 'None').length + (isUnique ? 1 : 0),
};
