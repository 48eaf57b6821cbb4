import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import type { FieldDefinition } from '#contract/field';
import type { Conflict } from '#contract/merge';
import { languageNames } from '../i18n/index.ts';
import { Choice } from '../ui/Choice.tsx';

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

export const nameOf = ({ property, part }: Conflict): string => `${property} ${part ?? ''}`;

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

/** The merged definition with mine in the place of theirs, at one conflict. */
export function takeSide(
  merged: FieldDefinition,
  side: FieldDefinition,
  { property, part }: Conflict,
): FieldDefinition {
  if (property === 'i18n') {
    const pick = (text: 'label' | 'description') =>
      Object.fromEntries(
        Object.entries(merged.i18n[text]).map(([language, unit]) => [
          language,
          language === part ? side.i18n[text][language as keyof typeof languageNames] : unit,
        ]),
      );
    return { ...merged, i18n: { label: pick('label'), description: pick('description') } } as FieldDefinition;
  }
  if (property === 'options') {
    if (!('options' in merged) || !('options' in side)) return merged;
    const own = side.options.find(({ value }) => value === part);
    const others = merged.options.filter(({ value }) => value !== part);
    const at = merged.options.findIndex(({ value }) => value === part);
    return { ...merged, options: own ? others.toSpliced(at < 0 ? others.length : at, 0, own) : others };
  }
  const value = new Map<string, unknown>(Object.entries(side)).get(property);
  // One property of the same type of field in place of the other's.
  return { ...merged, [property]: value } as FieldDefinition;
}
