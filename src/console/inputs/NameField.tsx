import { Input } from 'antd';
import { FormField } from './FormField.tsx';

/** What something is called: one line of at most 128 signs, and the first that is written in its dialog. */
export function NameField({
  label,
  help,
  error,
  value,
  onChange,
}: {
  label: string;
  help?: string;
  error?: string | undefined;
  value: string;
  onChange: (name: string) => void;
}) {
  return (
    <FormField label={label} help={help} error={error}>
      {(control) => (
        <Input
          {...control}
          autoFocus
          maxLength={128}
          value={value}
          onChange={(event) => onChange(event.target.value)}
        />
      )}
    </FormField>
  );
}
