import { DatePicker } from 'antd';
import dayjs, { type Dayjs } from 'dayjs';
import 'dayjs/locale/ja.js';
import 'dayjs/locale/zh-cn.js';
import 'dayjs/locale/zh-tw.js';
import { useTranslation } from 'react-i18next';
import { fits } from '#contract/value';
import type { Language } from '#contract/wire/language';
import { useLanguage } from '../ui/language.ts';
import type { ValueInputProps } from './FormField.tsx';

const formats = { 'zh-CN': 'YYYY年M月D日', 'zh-TW': 'YYYY年M月D日', 'ja-JP': 'YYYY年M月D日', 'en-US': 'MMM D, YYYY' };
const dayFormats = (language: Language) => [formats[language], 'YYYY-MM-DD', 'YYYY/M/D'];

/** A day such as 2026-04-01, without a time. */
export function DayInput({
  id,
  value,
  onChange,
}: {
  id: string;
  value: string | null;
  onChange: (day: string | null) => void;
}) {
  return (
    <DatePicker
      id={id}
      value={value ? dayjs(value) : null}
      placeholder=""
      needConfirm={false}
      format={dayFormats(useLanguage())}
      onChange={(day: Dayjs | null) => onChange(day?.format('YYYY-MM-DD') ?? null)}
    />
  );
}

/** A whole day is the same day everywhere. An instant is shown in the viewer's time zone, with UTC in its title. */
export function DateInput({
  field,
  value,
  onChange,
  control,
  disabled,
  language,
  placeholder,
}: ValueInputProps<'DATETIME'>) {
  const { t } = useTranslation();
  const stored = typeof value === 'string' && fits(field, value) ? value : undefined;
  const common = {
    id: control.id,
    'aria-invalid': control['aria-invalid'],
    'aria-describedby': control['aria-describedby'],
    // A value that isn't a date is shown as stored.
    placeholder: value === null ? (placeholder ?? t('values.notSet')) : String(value),
    disabled: disabled ?? false,
    style: { width: '100%' },
    needConfirm: false,
  };
  if (field.precision === 'day') {
    return (
      <DatePicker
        {...common}
        value={stored ? dayjs(stored.slice(0, 10)) : null}
        format={dayFormats(language)}
        onChange={(day: Dayjs | null) => onChange(day ? `${day.format('YYYY-MM-DD')}T00:00:00.000Z` : null)}
      />
    );
  }
  return (
    <span title={stored ? `${stored} (UTC)` : undefined}>
      <DatePicker
        {...common}
        value={stored ? dayjs(stored) : null}
        showTime={{ format: 'HH:mm' }}
        format={[`${formats[language]} HH:mm`, 'YYYY-MM-DD HH:mm']}
        onChange={(instant: Dayjs | null) => onChange(instant ? instant.toDate().toISOString() : null)}
      />
    </span>
  );
}
