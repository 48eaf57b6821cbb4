import { EyeOff, Fingerprint, LockKeyhole, UserPen } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { type Field, isProtected, labelOf } from '#contract/field';
import { textOf } from '#contract/translation';
import { languages } from '#contract/wire/language';
import { languageName, languageSigns } from '../i18n/index.ts';
import { useLanguage } from '../ui/language.ts';
import { moment } from '../ui/when.ts';
import './facts.css';

// Short facts about a field, for tables.

/** The name in the viewer's language as a link to the field's page, with the key below. */
export function FieldName({ field, to }: { field: Field; to: string }) {
  const language = useLanguage();
  return (
    <>
      <Link className="row-link two-lines" title={labelOf(field, language)} to={to} lang={language}>
        {labelOf(field, language)}
      </Link>
      <div>
        <span className="mono">{field.key}</span>
        {field.group && (
          <span className="quiet" lang={language}>
            {' · '}
            {textOf(field.group, field.i18n.group, language)}
          </span>
        )}
      </div>
    </>
  );
}

/** What the signs of a field's row mean, in words: for whoever is on the row by keyboard, or can't point at a sign. */
export function RowInWords({ field, filled }: { field: Field; filled: string | undefined }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const texts = languages.map((one) => {
    const { enabled, value } = field.i18n.label[one];
    const state = t(`fields.languageState.${!value ? 'missing' : enabled ? 'enabled' : 'draft'}`);
    return t('app.named', { what: languageName(one), name: state });
  });
  const said = [
    new Intl.ListFormat(language, { style: 'narrow', type: 'unit' }).format(texts),
    field.encrypted && t('fields.mark.encrypted'),
    field.desensitization && t('fields.mark.masked'),
    field.isUnique && t('fields.mark.unique'),
    field.userEditable && t('fields.mark.userEditable'),
    filled,
    field.updatedAt && t('app.named', { what: t('fields.updated'), name: moment(field.updatedAt, language) }),
  ];
  return <small className="row-in-words">{said.filter(Boolean).join(' · ')}</small>;
}

/** Where the field is shown. */
export function ShownIn({ field }: { field: Field }) {
  const { t } = useTranslation();
  return (
    <>
      {field.visibleInAdminConsole && <div>{t('fields.shown.console')}</div>}
      {field.visibleInUserCenter && <div>{t('fields.shown.userCenter')}</div>}
      {!field.visibleInAdminConsole && !field.visibleInUserCenter && <div>{t('fields.shown.nowhere')}</div>}
    </>
  );
}

/** Which languages are on, drafts or missing. */
export function LanguageChips({ field }: { field: Field }) {
  const { t } = useTranslation();
  return (
    <ul className="chips">
      {languages.map((language) => {
        const { enabled, value } = field.i18n.label[language];
        const state = !value ? 'missing' : enabled ? 'enabled' : 'draft';
        const says = t('app.named', { what: languageName(language), name: t(`fields.languageState.${state}`) });
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

/** The special properties of a field. */
export function Marks({ field }: { field: Field }) {
  const { t } = useTranslation();
  if (!field.isUnique && !field.userEditable && !isProtected(field)) return null;
  return (
    <span className="marks">
      {field.encrypted && (
        <span title={t('fields.mark.encrypted')}>
          <LockKeyhole className="icon" aria-hidden />
          <span className="hidden-text">{t('fields.mark.encrypted')}</span>
        </span>
      )}
      {field.desensitization && (
        <span title={t('fields.mark.masked')}>
          <EyeOff className="icon" aria-hidden />
          <span className="hidden-text">{t('fields.mark.masked')}</span>
        </span>
      )}
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
