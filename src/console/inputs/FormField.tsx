import { type ReactNode, useId } from 'react';
import { useTranslation } from 'react-i18next';
/** What a control needs to be named and described; spread it onto the control. */
import type { DataType, Field } from '#contract/field';
import type { Value } from '#contract/value';
import { readIssue } from '#contract/wire/issue';
import type { Language } from '#contract/wire/language';

export interface ControlProps {
  id: string;
  'aria-invalid': boolean;
  'aria-describedby': string | undefined;
}

/** What the control of a value takes. */
export interface ValueInputProps<T extends DataType = DataType> {
  field: Extract<Field, { dataType: T }>;
  /** Null is not set. What can't be read yet stays text and is judged on saving. */
  value: Value | null;
  onChange: (value: Value | null) => void;
  language: Language;
  label: string;
  control: ControlProps;
  disabled?: boolean;
  /** Whether a choice can be taken back; the status of a user can't. */
  clearable?: boolean;
}

/** A label, a control, and beneath it what is wrong or what helps. The error stands outside the label, or it would become part of the name. */
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

/** The words of an issue: a name of ours, or a sentence that the server worded. */
export function IssueText({ message }: { message: string }) {
  const { t } = useTranslation();
  const { name, limit } = readIssue(message);
  if (name === 'malformed' && message !== 'malformed') return message;
  return t(`issues.${name}`, { limit: limit ?? '' });
}
