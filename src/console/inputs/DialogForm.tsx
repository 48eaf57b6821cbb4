import { Button } from 'antd';
import { type ComponentProps, type ReactNode, useState } from 'react';
import type { FieldValues, UseFormReturn } from 'react-hook-form';
import { useTranslation } from 'react-i18next';
import { Dialog } from '../ui/Dialog.tsx';
import { type Refusal, submit } from './form.ts';

/** A dialog that asks for something and sends it; it is for `onSubmit` to close it. */
export function DialogForm<V extends FieldValues, O>({
  title,
  size = 'small',
  form,
  about = {},
  submitLabel,
  cancelLabel,
  isReady = true,
  aside,
  onSubmit,
  onClose,
  children,
}: {
  title: string;
  size?: ComponentProps<typeof Dialog>['size'];
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
}) {
  const { t } = useTranslation();
  // Not `isSubmitting`: it also covers the validation, which is so short that antd's spinner would stay in the button.
  const [isSending, setSending] = useState(false);
  const send = (values: O) => {
    setSending(true);
    return onSubmit(values).finally(() => setSending(false));
  };
  return (
    <Dialog title={title} size={size} onClose={onClose}>
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
    </Dialog>
  );
}
