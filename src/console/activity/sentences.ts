import type { TFunction } from 'i18next';
import { type ActivityEntry, isActivityEvent } from '#contract/history';
import type { Property } from '#contract/plan';

/**
 * The sentence of an entry that has one, with `<field/>` where its field stands. Undefined where before and after say
 * what was done.
 */
export function sentenceOf(
  { event, count, definition }: Pick<ActivityEntry, 'event' | 'count' | 'definition'>,
  t: TFunction,
) {
  if (definition) {
    const changes = definition.changes.map((name) => t(`fields.change.${name as Property}`, { defaultValue: name }));
    return { key: `activity.definition.${definition.event}`, values: { changes } } as const;
  }
  if (event === null) return undefined;
  if (!isActivityEvent(event)) return { key: 'activity.unknownEvent', values: { event } } as const;
  if (count === null) return { key: 'activity.movedUntold', values: {} } as const;
  return { key: `activity.did.${event}`, values: { count } } as const;
}
