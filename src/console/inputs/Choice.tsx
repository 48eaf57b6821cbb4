import { type ReactNode, useId } from 'react';
import type { ControlProps } from './FormField.tsx';
import './Choice.css';

/** One of a few visible options: radio buttons in a row. */
export function Choice<T extends string>({
  value,
  options,
  onChange,
  label,
  disabled,
  control,
}: {
  value: T | undefined;
  options: { value: T; label: ReactNode; name?: string; lang?: string }[];
  onChange: (value: T) => void;
  label: string;
  disabled?: boolean;
  control?: ControlProps;
}) {
  const name = useId();
  return (
    <div
      id={control?.id}
      className="choice"
      role="radiogroup"
      aria-label={label}
      aria-invalid={control?.['aria-invalid']}
      aria-describedby={control?.['aria-describedby']}
    >
      {options.map((option) => (
        <label key={option.value} lang={option.lang}>
          <input
            type="radio"
            name={name}
            aria-label={option.name}
            checked={option.value === value}
            disabled={disabled}
            onChange={() => onChange(option.value)}
          />
          {option.label}
        </label>
      ))}
    </div>
  );
}
