export const languages = ['zh-CN', 'en-US', 'zh-TW', 'ja-JP'] as const;
export type Language = (typeof languages)[number];

/** A text in one language. One that isn't enabled is a draft that nobody but administrators is shown. */
export interface Translation {
  enabled: boolean;
  value: string;
  /** The default text that this one translates: once the default is another, the translation is out of date. */
  source?: string | undefined;
}
