import { Input } from 'antd';
import { FormField } from './FormField.tsx';

/** The name of something: one line of at most 128 characters, and the first input of its dialog. */
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
