import type { TFunction } from 'i18next';
import { readReason } from '#contract/history';
import { moment } from './when.ts';

/** The reason of a change as its author typed it, or what the console gave as the reason of a restore or an undo. */
export function sayReason(reason: string, language: string, t: TFunction): string {
  const coded = readReason(reason);
  return coded ? t(`history.${coded.done}Reason`, { at: moment(coded.at, language) }) : t('history.reason', { reason });
}
