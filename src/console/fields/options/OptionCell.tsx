import { type KeyboardEvent, useId } from 'react';
import { IssueText } from '../../inputs/FormField.tsx';
import type { Column } from '../paste/columns.ts';
import { type Row, textIn } from './rows.ts';
import type { ListActions } from './useListActions.ts';
import './OptionCell.css';

/** One text of an option with its error below. A native input, because a list mounts many while it scrolls. */
export function OptionCell({
  ref,
  row,
  column,
  label,
  placeholder,
  draft,
  was,
  error,
  locked,
  actions,
}: {
  ref: React.Ref<HTMLInputElement>;
  row: Row;
  column: Column;
  label: string;
  placeholder: string;
  /** What a text that is turned off is called. Translated once for the row, as a list mounts many cells. */
  draft: string;
  /** The row before a paste that one looks at. */
  was: Row | undefined;
  error?: string | undefined;
  /** Why it is locked, if it is; empty for a person who may not change it. */
  locked: string | undefined;
  actions: ListActions;
}) {
  const id = useId();
  const value = textIn(row, column);
  const isText = column !== 'value' && column !== 'label';
  const isDraft = isText && value !== '' && !row.i18n?.label[column].enabled;
  const isChanged = was !== undefined && textIn(was, column) !== value;
  const onKey = (event: KeyboardEvent) => {
    // An input method uses these keys itself.
    if (event.nativeEvent.isComposing) return;
    const step = event.key === 'ArrowUp' || (event.key === 'Enter' && event.shiftKey) ? -1 : 1;
    if (event.key === 'Enter') actions.go(row.id, column, step, true);
    else if (event.key !== 'ArrowUp' && event.key !== 'ArrowDown') return;
    else if (event.altKey) actions.shift(row.id, column, step);
    else actions.go(row.id, column, step, false);
    event.preventDefault();
  };
  return (
    <div className={`option-cell${isChanged ? ' changed' : ''}`}>
      <input
        ref={ref}
        className={column === 'value' ? 'plain-input mono' : 'plain-input'}
        spellCheck={column !== 'value'}
        value={value}
        placeholder={placeholder}
        lang={isText ? column : undefined}
        readOnly={locked !== undefined}
        title={locked}
        aria-label={label}
        aria-invalid={error !== undefined}
        aria-describedby={error || isDraft ? id : undefined}
        onChange={(event) => actions.type(row.id, column, event.target.value)}
        onPaste={(event) => {
          if (actions.paste(row.id, column, event.clipboardData.getData('text/plain'))) event.preventDefault();
        }}
        onKeyDown={onKey}
      />
      {isDraft && !error && (
        <small id={id} className="option-draft">
          {draft}
        </small>
      )}
      {error && (
        <p className="field-error" id={id} role="alert">
          <IssueText message={error} />
        </p>
      )}
    </div>
  );
}
