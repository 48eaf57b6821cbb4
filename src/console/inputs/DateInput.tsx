import { DatePicker, type DatePickerProps } from 'antd';
import dayjs, { type Dayjs } from 'dayjs';
import 'dayjs/locale/ja.js';
import 'dayjs/locale/zh-cn.js';
import 'dayjs/locale/zh-tw.js';
import { useTranslation } from 'react-i18next';
import { fits } from '#contract/value';
import type { Language } from '#contract/wire/language';
import type { ValueInputProps } from './FormField.tsx';
import './DateInput.css';

const formats = { 'zh-CN': 'YYYY年M月D日', 'zh-TW': 'YYYY年M月D日', 'ja-JP': 'YYYY年M月D日', 'en-US': 'MMM D, YYYY' };
/** A day as YYYY-MM-DD, in the viewer's own format. */
export function DayInput({
  day,
  onDay,
  language,
  ...given
}: {
  day: string | null;
  onDay: (day: string | null) => void;
  language: Language;
} & Pick<DatePickerProps, 'id' | 'aria-invalid' | 'aria-describedby' | 'placeholder' | 'disabled' | 'style'>) {
  return (
    <DatePicker
      {...given}
      className="date-input"
      needConfirm={false}
      value={day ? dayjs(day) : null}
      format={[formats[language], 'YYYY-MM-DD', 'YYYY/M/D']}
      onChange={(next: Dayjs | null) => onDay(next ? next.format('YYYY-MM-DD') : null)}
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
  };
  if (field.precision === 'day') {
    return (
      <DayInput
        {...common}
        language={language}
        day={stored?.slice(0, 10) ?? null}
        onDay={(day) => onChange(day && `${day}T00:00:00.000Z`)}
      />
    );
  }
  return (
    <span title={stored ? `${stored} (UTC)` : undefined}>
      <DatePicker
        {...common}
        className="date-input"
        needConfirm={false}
        value={stored ? dayjs(stored) : null}
        showTime={{ format: 'HH:mm' }}
        format={[`${formats[language]} HH:mm`, 'YYYY-MM-DD HH:mm']}
        onChange={(instant: Dayjs | null) => onChange(instant ? instant.toDate().toISOString() : null)}
      />
    </span>
  );
}
