import { Switch } from 'antd';
import { useId } from 'react';

/** A switch with its name and, below, an explanation. */
export function Toggle({
  label,
  help,
  checked,
  disabled,
  onChange,
}: {
  label: string;
  help: string;
  checked: boolean;
  disabled: boolean;
  onChange: (on: boolean) => void;
}) {
  const id = useId();
  return (
    <div className="switch-row">
      <Switch
        checked={checked}
        disabled={disabled}
        onChange={onChange}
        aria-labelledby={id}
        aria-describedby={`${id}-help`}
      />
      <div>
        <div id={id}>{label}</div>
        <p className="field-help" id={`${id}-help`}>
          {help}
        </p>
      </div>
    </div>
  );
}
