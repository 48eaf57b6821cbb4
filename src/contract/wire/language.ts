export const languages = ['zh-CN', 'en-US', 'zh-TW', 'ja-JP'] as const;
export type Language = (typeof languages)[number];

/** A text in one language. If it isn't enabled, it is a draft that only administrators see. */
export interface Translation {
  enabled: boolean;
  value: string;
  /** The default text that this text translates. When the default text changes, the translation is outdated. */
  source?: string | undefined;
}
