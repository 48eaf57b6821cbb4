import { Input } from 'antd';
import type { ReactNode } from 'react';
import { FormField } from '../inputs/FormField.tsx';

/** A password input: for the current password, or for a new one that the browser can suggest. */
export function PasswordField({
  label,
  help,
  error,
  isNew = false,
  value,
  onChange,
}: {
  label: string;
  help?: ReactNode;
  error: string | undefined;
  isNew?: boolean;
  value: string;
  onChange: (value: string) => void;
}) {
  return (
    <FormField label={label} help={help} error={error}>
      {(control) => (
        <Input
          {...control}
          type="password"
          autoComplete={isNew ? 'new-password' : 'current-password'}
          value={value}
          onChange={(event) => onChange(event.target.value)}
        />
      )}
    </FormField>
  );
}
