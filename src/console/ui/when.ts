import { i18n } from '../i18n/index.ts';

/** How long ago, as text. Put the exact time into a title. */
export function ago(iso: string, language: string): string {
  const seconds = (Date.parse(iso) - Date.now()) / 1_000;
  const words = new Intl.RelativeTimeFormat(language, { numeric: 'auto', style: 'short' });
  if (seconds > -60) return i18n.t('app.justNow', { lng: language });
  if (seconds > -3_600) return words.format(Math.round(seconds / 60), 'minute');
  if (seconds > -86_400) return words.format(Math.round(seconds / 3_600), 'hour');
  if (seconds > -7 * 86_400) return words.format(Math.round(seconds / 86_400), 'day');
  return new Date(iso).toLocaleDateString(language, { year: 'numeric', month: 'short', day: 'numeric' });
}

export function moment(iso: string, language: string): string {
  return new Date(iso).toLocaleString(language, { dateStyle: 'long', timeStyle: 'short' });
}

/** A stored whole day: the same day everywhere. */
export function wholeDay(iso: string, language: string): string {
  return new Date(iso).toLocaleDateString(language, { dateStyle: 'long', timeZone: 'UTC' });
}
