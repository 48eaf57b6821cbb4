import type { activity } from './zh-CN/activity.ts';
import type { fields } from './zh-CN/fields.ts';
import type { lists } from './zh-CN/lists.ts';
import type { overview } from './zh-CN/overview.ts';
import type { settings } from './zh-CN/settings.ts';
import type { start } from './zh-CN/start.ts';

/** zh-CN is the source. Another language must have the same keys, or it doesn't compile. */
export type Texts<T = typeof start> = { [K in keyof T]: T[K] extends string ? string : Texts<T[K]> };

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'translation';
    resources: {
      translation: typeof start &
        typeof settings & {
          activity: typeof activity;
          fields: typeof fields;
          lists: typeof lists;
          overview: typeof overview;
        };
    };
  }
}
