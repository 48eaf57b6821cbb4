import { type ReactNode, useId } from 'react';
import { useTranslation } from 'react-i18next';
import { readIssue } from '#contract/issue';

/** What a control needs to be named and described; spread it onto the control. */
export interface ControlProps {
  id: string;
  'aria-invalid': boolean;
  'aria-describedby': string | undefined;
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
