import { useTranslation } from 'react-i18next';
import { languages } from '#contract/wire/language';

/** The viewer's language, or the language of this part of the page. Renders again when it changes. */
export function useLanguage() {
  const { i18n } = useTranslation();
  return languages.find((language) => language === i18n.language) ?? 'en-US';
}

/** Several texts in one sentence. */
export const listOf = (texts: readonly string[], language: string): string =>
  new Intl.ListFormat(language).format(texts);
