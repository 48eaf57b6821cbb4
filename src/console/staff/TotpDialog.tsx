import { useMutation, useQuery } from '@tanstack/react-query';
import { Button, Input } from 'antd';
import { useForm, useWatch } from 'react-hook-form';
import { useTranslation } from 'react-i18next';
import { encode } from 'uqr';
import { endpoints } from '#contract/endpoints';
import { call } from '../api.ts';
import { BoundField } from '../inputs/BoundField.tsx';
import { DialogForm } from '../inputs/DialogForm.tsx';
import { judgedBy } from '../inputs/form.ts';
import { queryClient } from '../query.ts';
import { sessionQuery } from '../session.ts';
import { Dialog } from '../ui/Dialog.tsx';
import { PasswordField } from './PasswordField.tsx';
import { confirmTotp } from './queries.ts';
import './TotpDialog.css';

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
  const form = useForm({
    resolver: judgedBy(endpoints.confirmTotp.input.pick({ code: true, password: true })),
    defaultValues: { code: '', password: '' },
  });
  const [code, password] = useWatch({ control: form.control, name: ['code', 'password'] });
  const done = () => {
    onClose();
    void queryClient.invalidateQueries({ queryKey: sessionQuery().queryKey });
  };
  if (confirm.data) {
    return (
      <Dialog title={t('account.codes')} size="medium" stays onClose={done}>
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
  return (
    <DialogForm
      title={t('account.twoStep')}
      size="medium"
      form={form}
      about={{ wrongCode: 'code', wrongOwnPassword: 'password' }}
      submitLabel={t('account.confirm')}
      isReady={data !== undefined && code.trim() !== '' && password !== ''}
      onSubmit={(sent) => confirm.mutateAsync({ token: data?.token ?? '', ...sent })}
      onClose={onClose}
    >
      <p className="quiet">{t('account.scan')}</p>
      {data ? (
        <>
          <Picture text={data.uri} />
          <code className="totp-secret">{data.secret.match(/.{1,4}/g)?.join(' ')}</code>
        </>
      ) : (
        <span className="skeleton" style={{ height: 180, width: 180 }} />
      )}
      <BoundField control={form.control} name="code" label={t('account.code')}>
        {(props) => <Input {...props} autoFocus inputMode="numeric" autoComplete="one-time-code" maxLength={12} />}
      </BoundField>
      <PasswordField control={form.control} name="password" label={t('account.current')} />
    </DialogForm>
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
