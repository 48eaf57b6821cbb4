import { z } from 'zod';
import { type Language, languages } from './wire/language.ts';
import { flag, storable } from './wire/scalars.ts';

const unit = z.object({
  enabled: z.boolean(),
  value: z.string(),
  /** The default text that this text translates. When the default text changes, the translation is outdated. */
  source: z.string().optional(),
});

/** The four languages of a text. A text that is turned off stays as a draft. */
export const translations = z.object({ 'zh-CN': unit, 'en-US': unit, 'zh-TW': unit, 'ja-JP': unit });
export type Translations = z.output<typeof translations>;

export const noTranslations = (): Translations => ({
  'zh-CN': { enabled: false, value: '' },
  'en-US': { enabled: false, value: '' },
  'zh-TW': { enabled: false, value: '' },
  'ja-JP': { enabled: false, value: '' },
});

/** Whether any language has a text or is turned on. */
export const hasTexts = (texts: Translations): boolean =>
  languages.some((language) => texts[language].enabled || texts[language].value !== '');

/** Translations as clients send them: any of the four languages. */
export const sentTranslations = (max: number) => {
  const sent = z.object({ enabled: flag, value: storable.max(max), source: storable.max(max).optional() }).optional();
  return z.object({ 'zh-CN': sent, 'en-US': sent, 'zh-TW': sent, 'ja-JP': sent });
};
export type SentTranslations = z.output<ReturnType<typeof sentTranslations>>;

/**
 * The texts after a change. A language that isn't sent stays. Four empty texts count as absent, because some SDKs
 * always send them. A changed text translates the current default text; an unchanged one keeps its source.
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

/** The text shown in a language: the enabled text of that language, else the default. */
export function textOf(text: string, texts: Translations | undefined, language: Language): string {
  const unit = texts?.[language];
  return unit?.enabled && unit.value ? unit.value : text;
}

export const translationStates = ['missing', 'draft', 'outdated', 'same', 'done'] as const;
export type TranslationState = (typeof translationStates)[number];

/** The state of a translation relative to its default text. */
export function stateOf(text: string, { enabled, value, source }: Translations[Language]): TranslationState {
  if (!value) return 'missing';
  if (source !== undefined && source !== text) return 'outdated';
  if (!enabled) return 'draft';
  return value === text ? 'same' : 'done';
}
