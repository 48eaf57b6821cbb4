import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import type { FieldDefinition } from '#contract/field';
import type { Conflict } from '#contract/merge';
import { languageNames } from '../i18n/index.ts';
import { Choice } from '../ui/Choice.tsx';
import { nameOf } from './conflict.ts';

/** Where two administrators changed the same: what each of them wrote, and whose is to stay. */
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
  /** The conflicts in which mine is to stand. */
  chosen: Set<string>;
  onChoose: (conflict: Conflict, side: 'mine' | 'theirs') => void;
  onDone: () => void;
}) {
  const { t } = useTranslation();
  return (
    <section className="card conflicts" role="alert" aria-labelledby="conflicts-title">
      <h2 id="conflicts-title">{t('fields.conflict.title')}</h2>
      <p className="quiet">{t('fields.conflict.text')}</p>
      <ul className="stack">
        {conflicts.map((conflict) => {
          const name = nameOf(conflict);
          const part =
            Object.entries(languageNames).find(([language]) => language === conflict.part)?.[1] ?? conflict.part;
          const title = [t(`fields.change.${conflict.property}`), part].filter(Boolean).join(': ');
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

/** What one side wrote at a conflict, in few words. */
function say(side: FieldDefinition, { property, part }: Conflict): string {
  if (property === 'i18n') {
    const language = Object.entries(side.i18n.label).find(([name]) => name === part);
    return language?.[1].value || '—';
  }
  if (property === 'options') {
    return ('options' in side && side.options.find(({ value }) => value === part)?.label) || '—';
  }
  const value = new Map<string, unknown>(Object.entries(side)).get(property);
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 59)}…` : text || '—';
}
