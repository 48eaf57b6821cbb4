import { Input, type InputRef } from 'antd';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { maxReason } from '#contract/history';
import { toast } from '../ui/toasts.ts';

/** The reason of a change: its control, its text, and whether it is missing. */
export function useReason(isRequired: boolean) {
  const { t } = useTranslation();
  const [text, setText] = useState('');
  const [isMissing, setMissing] = useState(false);
  const control = useRef<InputRef>(null);
  const label = t(isRequired ? 'values.reasonRequired' : 'values.reason');
  const isWrong = isMissing && !text.trim();
  return {
    text,
    isGiven() {
      if (!isRequired || text.trim()) return true;
      setMissing(true);
      control.current?.focus();
      toast.say(t('issues.reasonRequired'));
      return false;
    },
    input: (
      <Input
        ref={control}
        className="reason"
        aria-label={label}
        placeholder={label}
        aria-required={isRequired}
        aria-invalid={isWrong}
        status={isWrong ? 'error' : ''}
        maxLength={maxReason}
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
    ),
  };
}
