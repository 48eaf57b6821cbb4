import { useMutation, useQuery } from '@tanstack/react-query';
import { Button, Input } from 'antd';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { encode } from 'uqr';
import { ApiError } from '#contract/wire/errors';
import { call } from '../api.ts';
import { FormField } from '../inputs/FormField.tsx';
import { queryClient } from '../query.ts';
import { sessionQuery } from '../session.ts';
import { Dialog } from '../ui/Dialog.tsx';
import { toast } from '../ui/toasts.ts';
import { PasswordField } from './PasswordField.tsx';
import { confirmTotp } from './queries.ts';

/** Shows a secret as a QR code, asks for a code to confirm it, and shows the recovery codes once. */
export function TotpDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const { data } = useQuery({
    queryKey: ['totp'],
    queryFn: () => call('startTotp', {}),
    gcTime: 0,
    staleTime: Infinity,
  });
  const confirm = useMutation(confirmTotp());
  const [code, setCode] = useState('');
  const [password, setPassword] = useState('');
  const [errors, setErrors] = useState<{ code?: string; password?: string }>({});
  const done = () => {
    onClose();
    void queryClient.invalidateQueries({ queryKey: sessionQuery().queryKey });
  };
  if (confirm.data) {
    return (
      <Dialog title={t('account.codes')} className="key-dialog" stays onClose={done}>
        <p className="quiet">{t('account.codesText')}</p>
        <ul className="recovery-codes mono">
          {confirm.data.recoveryCodes.map((one) => (
            <li key={one}>{one}</li>
          ))}
        </ul>
        <footer>
          <Button type="primary" autoFocus onClick={done}>
            {t('account.stored')}
          </Button>
        </footer>
      </Dialog>
    );
  }
  function submit(event: FormEvent) {
    event.preventDefault();
    if (!data) return;
    confirm.mutate(
      { token: data.token, code, password },
      {
        onError: (failure) => {
          if (!(failure instanceof ApiError)) toast.error(failure);
          else if (failure.name === 'wrongCode') setErrors({ code: t('errors.wrongCode') });
          else if (failure.name === 'wrongOwnPassword') setErrors({ password: t('errors.wrongOwnPassword') });
          else toast.error(failure);
        },
      },
    );
  }
  return (
    <Dialog title={t('account.twoStep')} className="key-dialog" onClose={onClose}>
      <form className="stack" noValidate onSubmit={submit}>
        <p className="quiet">{t('account.scan')}</p>
        {data ? (
          <>
            <Picture text={data.uri} />
            <code className="totp-secret">{data.secret.match(/.{1,4}/g)?.join(' ')}</code>
          </>
        ) : (
          <span className="skeleton" style={{ height: 180, width: 180 }} />
        )}
        <FormField label={t('account.code')} error={errors.code}>
          {(control) => (
            <Input
              {...control}
              autoFocus
              inputMode="numeric"
              autoComplete="one-time-code"
              maxLength={12}
              value={code}
              onChange={(event) => setCode(event.target.value)}
            />
          )}
        </FormField>
        <PasswordField label={t('account.current')} error={errors.password} value={password} onChange={setPassword} />
        <footer>
          <Button onClick={onClose}>{t('app.cancel')}</Button>
          <Button type="primary" htmlType="submit" disabled={!code.trim() || !password} loading={confirm.isPending}>
            {t('account.confirm')}
          </Button>
        </footer>
      </form>
    </Dialog>
  );
}

/** A QR code, dark on light in both themes, because cameras need that. */
function Picture({ text }: { text: string }) {
  const { data, size } = encode(text, { border: 2 });
  const path = data.flatMap((row, y) => row.flatMap((isDark, x) => (isDark ? [`M${x} ${y}h1v1h-1z`] : []))).join('');
  return (
    <svg className="qr" viewBox={`0 0 ${size} ${size}`} aria-hidden shapeRendering="crispEdges">
      <rect width={size} height={size} fill="#fff" />
      <path d={path} fill="#000" />
    </svg>
  );
}
