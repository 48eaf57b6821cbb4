import { type ReactNode, useId } from 'react';
import { useTranslation } from 'react-i18next';
/** The id and ARIA attributes of a control. Spread them onto the control. */
import type { DataType, Field } from '#contract/field';
import type { Value } from '#contract/value';
import { readIssue } from '#contract/wire/issue';
import type { Language } from '#contract/wire/language';

export interface ControlProps {
  id: string;
  'aria-invalid': boolean;
  'aria-describedby': string | undefined;
}

/** The properties of a value's control. */
export interface ValueInputProps<T extends DataType = DataType> {
  field: Extract<Field, { dataType: T }>;
  /** Null: no value. Unreadable input stays text, and the save validates it. */
  value: Value | null;
  onChange: (value: Value | null) => void;
  language: Language;
  label: string;
  control: ControlProps;
  disabled?: boolean;
  /** Whether a selection can be cleared. The status of a user can't. */
  clearable?: boolean;
  /** What an empty control says, if not that the value isn't set. */
  placeholder?: string;
}

/** A label, a control, and below it the error or help. An error inside the label would become part of the name. */
export function FormField({
  label,
  lang,
  aside,
  help,
  error,
  note,
  children,
}: {
  label: ReactNode;
  lang?: string | undefined;
  aside?: ReactNode;
  help?: ReactNode;
  error?: string | undefined;
  note?: ReactNode;
  children: (control: ControlProps) => ReactNode;
}) {
  const id = useId();
  const described = [error && `${id}-error`, help && `${id}-help`, note && `${id}-note`].filter(Boolean).join(' ');
  return (
    <div className="field">
      <div className="field-head">
        <label htmlFor={id} lang={lang}>
          {label}
        </label>
        {aside}
      </div>
      {children({ id, 'aria-invalid': Boolean(error), 'aria-describedby': described || undefined })}
      {error && (
        <p className="field-error" id={`${id}-error`} role="alert">
          <IssueText message={error} />
        </p>
      )}
      {help && (
        <p className="field-help" id={`${id}-help`}>
          {help}
        </p>
      )}
      {note && <div id={`${id}-note`}>{note}</div>}
    </div>
  );
}

/** The text of an issue: of a known name, or the server's own sentence. */
export function IssueText({ message }: { message: string }) {
  const { t } = useTranslation();
  const { name, limit } = readIssue(message);
  if (name === 'malformed' && message !== 'malformed') return message;
  return t(`issues.${name}`, { limit: limit ?? '' });
}
