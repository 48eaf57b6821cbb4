import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';
import { type Language, languages } from '#contract/wire/language';
import { patiently } from '../reach.ts';
import { viewing } from '../viewing.ts';
import type { Texts } from './texts.ts';

const loaders: Record<Language, () => Promise<Texts>> = {
  'zh-CN': async () => (await import('./zh-CN/start.ts')).start,
  'en-US': async () => (await import('./en-US/start.ts')).start,
  'zh-TW': async () => (await import('./zh-TW/start.ts')).start,
  'ja-JP': async () => (await import('./ja-JP/start.ts')).start,
};

/** Texts that only some pages need. They load with these pages. */
const slices = {
  activity: {
    'zh-CN': async () => ({ activity: (await import('./zh-CN/activity.ts')).activity }),
    'en-US': async () => ({ activity: (await import('./en-US/activity.ts')).activity }),
    'zh-TW': async () => ({ activity: (await import('./zh-TW/activity.ts')).activity }),
    'ja-JP': async () => ({ activity: (await import('./ja-JP/activity.ts')).activity }),
  },
  fields: {
    'zh-CN': async () => ({ fields: (await import('./zh-CN/fields.ts')).fields }),
    'en-US': async () => ({ fields: (await import('./en-US/fields.ts')).fields }),
    'zh-TW': async () => ({ fields: (await import('./zh-TW/fields.ts')).fields }),
    'ja-JP': async () => ({ fields: (await import('./ja-JP/fields.ts')).fields }),
  },
  lists: {
    'zh-CN': async () => ({ lists: (await import('./zh-CN/lists.ts')).lists }),
    'en-US': async () => ({ lists: (await import('./en-US/lists.ts')).lists }),
    'zh-TW': async () => ({ lists: (await import('./zh-TW/lists.ts')).lists }),
    'ja-JP': async () => ({ lists: (await import('./ja-JP/lists.ts')).lists }),
  },
  overview: {
    'zh-CN': async () => ({ overview: (await import('./zh-CN/overview.ts')).overview }),
    'en-US': async () => ({ overview: (await import('./en-US/overview.ts')).overview }),
    'zh-TW': async () => ({ overview: (await import('./zh-TW/overview.ts')).overview }),
    'ja-JP': async () => ({ overview: (await import('./ja-JP/overview.ts')).overview }),
  },
  settings: {
    'zh-CN': async () => (await import('./zh-CN/settings.ts')).settings,
    'en-US': async () => (await import('./en-US/settings.ts')).settings,
    'zh-TW': async () => (await import('./zh-TW/settings.ts')).settings,
    'ja-JP': async () => (await import('./ja-JP/settings.ts')).settings,
  },
} satisfies Record<string, Record<Language, () => Promise<object>>>;
export type Slice = keyof typeof slices;
const wanted = new Set<Slice>();

/** Loads the texts of some pages, in the current language and in every language that is chosen later. */
export async function loadTexts(slice: Slice): Promise<void> {
  wanted.add(slice);
  await addSlice(slice, currentLanguage());
}

async function addSlice(slice: Slice, language: Language): Promise<void> {
  i18next.addResourceBundle(language, 'translation', await slices[slice][language](), true);
}

/** The languages' own names, and a short sign for each. */
export const languageNames: Record<Language, string> = {
  'zh-CN': '简体中文',
  'en-US': 'English',
  'zh-TW': '繁體中文',
  'ja-JP': '日本語',
};
export const languageSigns: Record<Language, string> = { 'zh-CN': '简', 'en-US': 'EN', 'zh-TW': '繁', 'ja-JP': '日' };

const tags: Record<Language, string> = { 'zh-CN': 'zh-Hans', 'en-US': 'en', 'zh-TW': 'zh-Hant', 'ja-JP': 'ja' };

/** Measured: a browser takes a while to name a language, and each row of options asks for four. */
const named = new Map<string, string>();

/** A language's name in the viewer's language, for sentences and lists. A menu of languages has their own names. */
export function languageName(language: Language): string {
  const reader = currentLanguage();
  const known = named.get(reader + language);
  if (known !== undefined) return known;
  const name = new Intl.DisplayNames(reader, { type: 'language' }).of(tags[language]) ?? languageNames[language];
  named.set(reader + language, name);
  return name;
}

const key = 'fieldbook.language';
export const i18n = i18next;

/** Starts in the language that was chosen before, else in the browser's. */
export async function startLanguage(): Promise<void> {
  await i18next.use(initReactI18next).init({ interpolation: { escapeValue: false }, returnNull: false, resources: {} });
  const stored = viewing?.language ?? localStorage.getItem(key);
  await switchTo(languages.find((language) => language === stored) ?? browserLanguage(navigator.languages));
}

export async function chooseLanguage(language: Language): Promise<void> {
  localStorage.setItem(key, language);
  await switchTo(language);
}

export function currentLanguage(): Language {
  return languages.find((language) => language === i18next.language) ?? 'en-US';
}

/** The texts in another language than the viewer's, to show what others see. */
export async function textsIn(language: Language): Promise<typeof i18next> {
  await load(language);
  return i18next.cloneInstance({ lng: language });
}

async function load(language: Language): Promise<void> {
  if (!i18next.hasResourceBundle(language, 'translation')) {
    i18next.addResourceBundle(language, 'translation', await patiently(loaders[language]));
  }
  for (const slice of wanted) await addSlice(slice, language);
}

async function switchTo(language: Language): Promise<void> {
  await load(language);
  await i18next.changeLanguage(language);
  document.documentElement.lang = language;
}

function browserLanguage(wanted: readonly string[]): Language {
  for (const tag of wanted) {
    if (/^zh-(Hant|TW|HK|MO)/i.test(tag)) return 'zh-TW';
    const found = languages.find((language) => tag.split('-')[0] === language.split('-')[0]);
    if (found) return found;
  }
  return 'en-US';
}
