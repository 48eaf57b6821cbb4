import { useTranslation } from 'react-i18next';
import { currentLanguage } from '../i18n/index.ts';

/** The viewer's language; renders again when it changes. */
export function useLanguage() {
  useTranslation();
  return currentLanguage();
}
