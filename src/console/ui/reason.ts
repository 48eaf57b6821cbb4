import type { TFunction } from 'i18next';
import { restoredTo } from '#contract/history';
import { moment } from './when.ts';

/** The reason of a change as its author typed it, or what the console gave as the reason of a restore. */
export function sayReason(reason: string, language: string, t: TFunction): string {
  const at = restoredTo(reason);
  return at ? t('history.restoredReason', { at: moment(at, language) }) : t('history.reason', { reason });
}
