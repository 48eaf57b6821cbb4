import { z } from 'zod';
import { identifier, word } from './wire.ts';

export const targetTypes = ['USER', 'ROLE', 'GROUP', 'DEPARTMENT'] as const;
export const targetType = word(targetTypes);
export type TargetType = (typeof targetTypes)[number];

export const languages = ['zh-CN', 'en-US', 'zh-TW', 'ja-JP'] as const;
export type Language = (typeof languages)[number];

/** Who holds a value, as the wire names it: user id, role code with its namespace, group code, department id. */
export const targetReference = {
  targetType,
  targetIdentifier: identifier,
  namespace: identifier.nullish(),
};
export type TargetReference = { targetType: TargetType; targetIdentifier: string; namespace?: string | null };

/** A role without a namespace lives in this one. */
export const defaultNamespace = 'default';

const unit = z.object({ enabled: z.boolean(), value: z.string() });

/** The four languages of a text; a text that is switched off is kept as a draft. */
export const translations = z.object({ 'zh-CN': unit, 'en-US': unit, 'zh-TW': unit, 'ja-JP': unit });
export type Translations = z.output<typeof translations>;

export const noTranslations = (): Translations => ({
  'zh-CN': { enabled: false, value: '' },
  'en-US': { enabled: false, value: '' },
  'zh-TW': { enabled: false, value: '' },
  'ja-JP': { enabled: false, value: '' },
});
