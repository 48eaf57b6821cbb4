import { Trash2 } from 'lucide-react';
import { memo, useLayoutEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { TargetType } from '#contract/target';
import type { Language } from '#contract/wire/language';
import { languageName, languageNames } from '../../i18n/index.ts';
import { PositionInput } from '../../inputs/PositionInput.tsx';
import { useSession } from '../../session.ts';
import { Grip, SortableRow } from '../../ui/Sortable.tsx';
import type { Column } from '../paste/columns.ts';
import { usedBy } from '../UsedBy.tsx';
import { OptionCell } from './OptionCell.tsx';
import type { Row } from './rows.ts';
import type { ListActions, Place } from './useListActions.ts';
import './OptionRow.css';

/** One option: grip, position, texts and use count. Memoized. */
export const OptionRow = memo(function OptionRow({
  row,
  was,
  index,
  at,
  measure,
  total,
  languages,
  isStored,
  holders,
  targetType,
  focusOn,
  labelError,
  valueError,
  movable,
  actions,
}: {
  row: Row;
  /** The row before a paste that one looks at; null if the paste has brought it. */
  was: Row | null | undefined;
  index: number;
  /** Its index among the visible rows. */
  at: number;
  measure: (element: Element | null) => void;
  total: number;
  languages: readonly Language[];
  isStored: boolean;
  /** Undefined while unknown, and for a field that isn't stored yet. */
  holders: number | undefined;
  targetType: TargetType;
  /** What is to get the focus. */
  focusOn: Place | undefined;
  labelError: string | undefined;
  valueError: string | undefined;
  movable: boolean;
  actions: ListActions;
}) {
  const { t, i18n } = useTranslation();
  const { can } = useSession();
  const mayDefine = can('define');
  const wanted = useRef<HTMLInputElement & HTMLButtonElement>(null);
  const refOf = (place: Place) => (place === focusOn ? wanted : null);
  // Before the next keystroke, which would otherwise go to the clicked button.
  useLayoutEffect(() => {
    if (!focusOn) return;
    wanted.current?.focus();
    actions.focused();
  });
  const position = { position: index + 1 };
  const named = row.label || position.position;
  const readOnly = mayDefine ? undefined : '';
  const [missing, draft] = [t('fields.board.states.missing'), t('fields.board.states.draft')];
  const cell = (column: Column) => ({ ref: refOf(column), row, column, was: was ?? undefined, draft, actions });
  return (
    <SortableRow
      as="li"
      id={row.id}
      index={at}
      measure={measure}
      className={was === null ? 'option-row pasted-row' : 'option-row'}
    >
      <Grip label={t('fields.options.move', { label: named })} disabled={!mayDefine || !movable} />
      <PositionInput
        position={index + 1}
        last={total}
        label={t('fields.options.positionOf', { label: named })}
        disabled={!mayDefine}
        onMove={(to) => actions.moveTo(row.id, to)}
      />
      <OptionCell
        {...cell('value')}
        label={t('fields.options.valueOf', position)}
        placeholder={t('fields.options.value')}
        error={valueError}
        locked={isStored ? t('fields.options.valueLocked') : readOnly}
      />
      <OptionCell
        {...cell('label')}
        label={t('fields.options.labelOf', position)}
        placeholder={t('fields.options.label')}
        error={labelError}
        locked={readOnly}
      />
      {languages.map((language) => (
        <OptionCell
          key={language}
          {...cell(language)}
          label={t('fields.options.labelIn', { ...position, language: languageName(language) })}
          placeholder={row.label ? missing : languageNames[language]}
          locked={readOnly}
        />
      ))}
      <span className="holders" title={holders === undefined ? undefined : usedBy(t, targetType, holders)}>
        {holders?.toLocaleString(i18n.language)}
      </span>
      <button
        ref={refOf('remove')}
        type="button"
        className="icon-button"
        disabled={!mayDefine}
        aria-label={t('fields.options.remove', { label: named })}
        onClick={() => actions.remove(row.id)}
      >
        <Trash2 className="icon" aria-hidden />
      </button>
    </SortableRow>
  );
});
