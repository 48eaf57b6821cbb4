import type { TFunction } from 'i18next';
import { type ActivityEntry, isActivityEvent } from '#contract/history';

/** What was done, of an entry that has a name of its own; undefined where before and after say it. */
export function sayEvent({ event, count }: Pick<ActivityEntry, 'event' | 'count'>, t: TFunction): string | undefined {
  if (event === null) return undefined;
  if (!isActivityEvent(event)) return t('activity.unknownEvent', { event });
  return count === null ? t('activity.movedUntold') : t(`activity.did.${event}`, { count });
}
