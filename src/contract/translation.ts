import { z } from 'zod';
import { type Language, languages } from './wire/language.ts';
import { flag, storable } from './wire/scalars.ts';

const unit = z.object({
  enabled: z.boolean(),
  value: z.string(),
  /** The default text that this one translates: once the default is another, the translation is out of date. */
  source: z.string().optional(),
});

/** The four languages of a text; a text that is switched off is kept as a draft. */
export const translations = z.object({ 'zh-CN': unit, 'en-US': unit, 'zh-TW': unit, 'ja-JP': unit });
export type Translations = z.output<typeof translations>;

export const noTranslations = (): Translations => ({
  'zh-CN': { enabled: false, value: '' },
  'en-US': { enabled: false, value: '' },
  'zh-TW': { enabled: false, value: '' },
  'ja-JP': { enabled: false, value: '' },
});

/** Whether any language has a text or is switched on. */
export const hasTexts = (texts: Translations): boolean =>
  languages.some((language) => texts[language].enabled || texts[language].value !== '');

/** Languages as clients send them: any of the four. */
export const sentTranslations = (max: number) => {
  const sent = z.object({ enabled: flag, value: storable.max(max), source: z.string().optional() }).optional();
  return z.object({ 'zh-CN': sent, 'en-US': sent, 'zh-TW': sent, 'ja-JP': sent });
};
export type SentTranslations = z.output<ReturnType<typeof sentTranslations>>;

/**
 * Texts after a change: a language that isn't sent stays, and four empty ones count as absent, as some SDKs always send
 * them. A text that changed translates the default text of now; one that didn't translates what it did before.
 */
export function mergeTexts(
  stored: Translations | undefined,
  sent: SentTranslations | null | undefined,
  defaultText: string,
  clear: boolean | undefined = false,
): Translations {
  const merged = stored && !clear ? { ...stored } : noTranslations();
  const units = languages.map((language) => sent?.[language]);
  if (units.every((unit) => !unit || (!unit.enabled && !unit.value))) return merged;
  for (const [index, language] of languages.entries()) {
    const next = units[index];
    if (!next) continue;
    const before = stored?.[language];
    const isSame = before !== undefined && before.value === next.value;
    const isNewSource = next.source !== undefined && next.source !== before?.source;
    const source = isSame ? (next.source ?? before.source) : isNewSource ? next.source : defaultText;
    merged[language] = { enabled: next.enabled, value: next.value, ...(source && next.value && { source }) };
  }
  return merged;
}

/** The text that a viewer of a language sees: the enabled text of that language, else the default. */
export function textOf(text: string, texts: Translations | undefined, language: Language): string {
  const unit = texts?.[language];
  return unit?.enabled && unit.value ? unit.value : text;
}

export const translationStates = ['missing', 'draft', 'outdated', 'same', 'done'] as const;
export type TranslationState = (typeof translationStates)[number];

/** How a translation stands towards its default text. */
export function stateOf(text: string, { enabled, value, source }: Translations[Language]): TranslationState {
  if (!value) return 'missing';
  if (source !== undefined && source !== text) return 'outdated';
  if (!enabled) return 'draft';
  return value === text ? 'same' : 'done';
}
