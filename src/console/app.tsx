import { ConfigProvider } from 'antd';
import type { Locale } from 'antd/es/locale';
import english from 'antd/es/locale/en_US';
import { Calendar, Check, ChevronDown, type LucideIcon, X } from 'lucide-react';
import { Suspense, useEffect, useState } from 'react';
import { RouterProvider } from 'react-router';
import type { Language } from '#contract/wire/language';
import { router } from './routes.tsx';
import { useTheme } from './theme/choice.ts';
import { antdTheme } from './theme/theme.ts';
import { useLanguage } from './ui/language.ts';

/** The console of a signed-in person. */
export function App() {
  const { dark } = useTheme();
  const locale = useAntdLocale(useLanguage());
  const nonce = document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce;
  return (
    <ConfigProvider
      theme={antdTheme(dark)}
      button={{ autoInsertSpace: false }}
      locale={locale}
      select={selectIcons}
      datePicker={pickerIcons}
      {...(nonce && { csp: { nonce } })}
    >
      <Suspense fallback={null}>
        <RouterProvider router={router} />
      </Suspense>
    </ConfigProvider>
  );
}

const face = (Icon: LucideIcon) => <Icon className="icon" aria-hidden />;
// antd's own icons are read out by their English names.
const selectIcons = {
  suffixIcon: face(ChevronDown),
  clearIcon: face(X),
  removeIcon: face(X),
  menuItemSelectedIcon: face(Check),
};
const pickerIcons = { suffixIcon: face(Calendar), clearIcon: face(X) };

/** Without other names for the month and the year than what stands there. */
const plainly = (locale: Locale): Locale =>
  locale.DatePicker
    ? {
        ...locale,
        DatePicker: { ...locale.DatePicker, lang: { ...locale.DatePicker.lang, monthSelect: '', yearSelect: '' } },
      }
    : locale;

const antdLocales: Record<Language, () => Promise<Locale>> = {
  'zh-CN': async () => (await import('antd/es/locale/zh_CN')).default,
  'en-US': async () => english,
  'zh-TW': async () => (await import('antd/es/locale/zh_TW')).default,
  'ja-JP': async () => (await import('antd/es/locale/ja_JP')).default,
};

/** antd's texts. There are some from the start: when a locale arrives later, antd remounts its whole subtree. */
function useAntdLocale(language: Language): Locale {
  const [locale, setLocale] = useState<Locale>(() => plainly(english));
  useEffect(() => {
    let current = true;
    void antdLocales[language]().then((loaded) => current && setLocale(plainly(loaded)));
    return () => {
      current = false;
    };
  }, [language]);
  return locale;
}
