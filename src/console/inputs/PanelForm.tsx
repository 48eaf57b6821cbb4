import { Button } from 'antd';
import { type ReactNode, useState } from 'react';
import type { FieldValues, UseFormReturn } from 'react-hook-form';
import { useTranslation } from 'react-i18next';
import { type Refusal, submit } from './form.ts';

export interface PanelFormProps<V extends FieldValues, O> {
  form: UseFormReturn<V, unknown, O>;
  /** The inputs that failures without issues are about. */
  about?: Refusal<V>['about'];
  submitLabel: string;
  cancelLabel?: string;
  isReady?: boolean;
  /** What else can be done. */
  aside?: ReactNode;
  onSubmit: (values: O) => Promise<unknown>;
  onClose: () => void;
  children: ReactNode;
}

/** The form of a dialog or a popover, with its buttons; it is for `onSubmit` to close it. */
export function PanelForm<V extends FieldValues, O>({
  form,
  about = {},
  submitLabel,
  cancelLabel,
  isReady = true,
  aside,
  onSubmit,
  onClose,
  children,
}: PanelFormProps<V, O>) {
  const { t } = useTranslation();
  // Not `isSubmitting`: it also covers the validation, which is so short that antd's spinner would stay in the button.
  const [isSending, setSending] = useState(false);
  const send = (values: O) => {
    setSending(true);
    return onSubmit(values).finally(() => setSending(false));
  };
  return (
    <form className="stack" noValidate onSubmit={submit(form, send, { about })}>
      {children}
      <footer>
        {aside}
        <Button onClick={onClose}>{cancelLabel ?? t('app.cancel')}</Button>
        <Button type="primary" htmlType="submit" loading={isSending} disabled={!isReady}>
          {submitLabel}
        </Button>
      </footer>
    </form>
  );
}
