import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { I18nextProvider } from 'react-i18next';
import type { Language } from '#contract/wire/language';
import { textsIn } from '../i18n/index.ts';

/** Renders a part of the page in another language. */
export function InLanguage({ language, children }: { language: Language; children: ReactNode }) {
  const texts = useQuery({
    queryKey: ['texts', language],
    queryFn: () => textsIn(language),
    staleTime: Number.POSITIVE_INFINITY,
  }).data;
  return texts ? <I18nextProvider i18n={texts}>{children}</I18nextProvider> : children;
}
