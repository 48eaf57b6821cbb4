import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import type { Right } from '#contract/wire/endpoint';
import { IssueText } from '../inputs/FormField.tsx';
import './RightList.css';

/** The permissions that a role or key can have, each with its effect, or the reason why it can't be chosen. */
export function RightList<R extends Right>({
  legend,
  rights,
  chosen,
  blockOf,
  error,
  onChange,
}: {
  legend: string;
  rights: readonly R[];
  chosen: readonly R[];
  /** Why a permission can't be chosen, if it can't. */
  blockOf: (right: R) => string | undefined;
  error: string | undefined;
  onChange: (chosen: R[]) => void;
}) {
  const { t } = useTranslation();
  const id = useId();
  return (
    <fieldset className="key-scope-list" aria-describedby={error && id}>
      <legend>{legend}</legend>
      {rights.map((right) => {
        const block = blockOf(right);
        return (
          <label key={right} className="check">
            <input
              type="checkbox"
              checked={chosen.includes(right)}
              disabled={block !== undefined}
              onChange={(event) =>
                onChange(rights.filter((one) => (one === right ? event.target.checked : chosen.includes(one))))
              }
            />
            <span>
              <b>{t(`keys.scope.${right as Right}`)}</b>{' '}
              <span className="quiet">{block ?? t(`keys.scopeHelp.${right as Right}`)}</span>
            </span>
          </label>
        );
      })}
      {error && (
        <p className="field-error" id={id} role="alert">
          <IssueText message={error} />
        </p>
      )}
    </fieldset>
  );
}
