import { useTranslation } from 'react-i18next';
import { type Language, languages } from '#contract/wire/language';
import { languageName, languageSigns } from '../../i18n/index.ts';
import { Choice } from '../../inputs/Choice.tsx';

const own = () =>
  languages.map((language) => ({
    value: language,
    label: languageSigns[language],
    name: languageName(language),
    lang: language,
  }));

/** One of the four languages, or all of them side by side. */
export function LanguagesChoice(props: {
  label: string;
  value: Language | 'all';
  onChange: (language: Language | 'all') => void;
}) {
  const { t } = useTranslation();
  return <Choice {...props} options={[...own(), { value: 'all', label: t('fields.options.all') }]} />;
}

export function LanguageChoice(props: { label: string; value: Language; onChange: (language: Language) => void }) {
  return <Choice {...props} options={own()} />;
}

/** The default text, or one of the four languages. */
export function TextChoice(props: {
  label: string;
  value: Language | 'default';
  onChange: (language: Language | 'default') => void;
}) {
  const { t } = useTranslation();
  return <Choice {...props} options={[{ value: 'default', label: t('fields.options.default') }, ...own()]} />;
}
