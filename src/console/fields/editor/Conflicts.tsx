import { Button } from 'antd';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { FieldDefinition } from '#contract/field';
import type { Conflict } from '#contract/merge';
import { languageName } from '../../i18n/index.ts';
import { Choice } from '../../inputs/Choice.tsx';
import { nameOf } from './conflict.ts';
import './Conflicts.css';

/** The conflicts between two administrators: what each of them wrote, and the choice between them. */
export function Conflicts({
  conflicts,
  mine,
  theirs,
  chosen,
  onChoose,
  onDone,
}: {
  conflicts: Conflict[];
  mine: FieldDefinition;
  theirs: FieldDefinition;
  /** The conflicts for which mine is chosen. */
  chosen: Set<string>;
  onChoose: (conflict: Conflict, side: 'mine' | 'theirs') => void;
  onDone: () => void;
}) {
  const { t } = useTranslation();
  const titleOf = (conflict: Conflict) => {
    if (conflict.property === 'i18n') {
      const { text, part } = conflict;
      return t('app.named', {
        what: t(`fields.change.${text === 'label' ? 'i18n' : text}`),
        name: languageName(part),
      });
    }
    const title = t(`fields.change.${conflict.property}`);
    return conflict.property === 'options' ? t('app.named', { what: title, name: conflict.part }) : title;
  };
  const frame = useRef<HTMLElement>(null);
  // It comes while somebody saves, from wherever in the tab they are.
  useEffect(() => {
    frame.current?.focus({ preventScroll: true });
    frame.current?.scrollIntoView({ block: 'center' });
  }, []);
  return (
    <section className="card conflicts" role="alert" aria-labelledby="conflicts-title" tabIndex={-1} ref={frame}>
      <h2 id="conflicts-title">{t('fields.conflict.title')}</h2>
      <p className="quiet">{t('fields.conflict.text')}</p>
      <ul className="stack">
        {conflicts.map((conflict) => {
          const name = nameOf(conflict);
          const title = titleOf(conflict);
          return (
            <li key={name} className="conflict">
              <b>{title}</b>
              <Choice
                label={title}
                value={chosen.has(name) ? 'mine' : 'theirs'}
                options={[
                  { value: 'theirs', label: t('fields.conflict.theirs', { value: say(theirs, conflict) }) },
                  { value: 'mine', label: t('fields.conflict.mine', { value: say(mine, conflict) }) },
                ]}
                onChange={(side) => onChoose(conflict, side)}
              />
            </li>
          );
        })}
      </ul>
      <Button onClick={onDone}>{t('fields.conflict.done')}</Button>
    </section>
  );
}

/** A short text of one side of a conflict. */
function say(side: FieldDefinition, conflict: Conflict): string {
  if (conflict.property === 'i18n') {
    const { enabled, value } = side.i18n[conflict.text][conflict.part];
    return (enabled && value) || '—';
  }
  if (conflict.property === 'options') {
    return ('options' in side && side.options.find(({ value }) => value === conflict.part)?.label) || '—';
  }
  const value = new Map<string, unknown>(Object.entries(side)).get(conflict.property);
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 59)}…` : text || '—';
}
