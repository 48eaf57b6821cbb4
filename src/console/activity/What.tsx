import { Trans, useTranslation } from 'react-i18next';
import { Link, useSearchParams } from 'react-router';
import { type Field, labelOf } from '#contract/field';
import type { ActivityEntry } from '#contract/history';
import type { Value } from '#contract/value';
import { fieldPath, firstTabOf } from '../paths.ts';
import { useLanguage } from '../ui/language.ts';
import { sayValue } from '../ui/ValueText.tsx';
import { sentenceOf } from './sentences.ts';

/** The change of a value, a definition or a target. */
export function What({
  entry,
  field,
  profile,
}: {
  entry: ActivityEntry;
  /** The definition of its field, if there still is one. */
  field: Field | undefined;
  /** The built-in fields of its target. */
  profile: Field[];
}) {
  const { t } = useTranslation();
  const language = useLanguage();
  const { target } = entry;
  if (target?.event === 'changed') {
    const labels = target.changes.map(({ key }) => {
      const known = profile.find((one) => one.key === key);
      return known ? labelOf(known, language) : key;
    });
    return t('activity.profileChanged', { fields: labels });
  }
  if (target) return t(`history.event.${target.event}`);
  const known = entry.field?.isDeleted ? undefined : field;
  const said = sentenceOf(entry, t);
  const name = entry.field ? <FieldName entry={entry} field={known} /> : <span />;
  if (said) return <Trans t={t} i18nKey={said.key} values={said.values} components={{ field: name }} />;
  const say = (value: Value | null) =>
    value === null ? '—' : short(known ? sayValue(value, known, language, t) : plain(value));
  return (
    <>
      {name}
      <div>
        <del>{say(entry.before)}</del> → {say(entry.after)}
      </div>
    </>
  );
}

/** The field's name, and its key, which shows the entries of this field alone. */
function FieldName({
  entry: { field: named, definition, targetType },
  field,
}: {
  entry: ActivityEntry;
  field: Field | undefined;
}) {
  const { t } = useTranslation();
  const language = useLanguage();
  const [, setParams] = useSearchParams();
  if (!named) return null;
  const label = field ? labelOf(field, language) : named.label;
  return (
    <>
      {definition && targetType && !named.isDeleted ? (
        <Link to={fieldPath(targetType, named.key, firstTabOf(definition.changes))}>{label}</Link>
      ) : (
        <b>{label}</b>
      )}{' '}
      <button
        type="button"
        className="mono key-button"
        title={t('activity.only', { key: named.key })}
        onClick={() =>
          setParams((now) => {
            now.set('field', named.key);
            return now;
          })
        }
      >
        {named.key}
      </button>
    </>
  );
}

const plain = (value: Value): string => (typeof value === 'string' ? value : JSON.stringify(value));
const short = (text: string): string => (text.length > 60 ? `${text.slice(0, 59)}…` : text);
