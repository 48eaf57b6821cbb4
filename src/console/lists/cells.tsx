import { Link } from 'react-router';
import type { Field } from '#contract/field';
import type { ListRow } from '#contract/list';
import { kinds } from '../kinds.ts';
import { Marked } from '../ui/Marked.tsx';
import { ValueText } from '../ui/ValueText.tsx';
import { listTypeOf } from './listTypes.ts';

interface InRow {
  row: ListRow;
  /** The words of a search, to be marked. */
  words: string | undefined;
}

/** Who a row is about. Not a link in the trash. */
export function Name({ row, words, to, state }: InRow & { to: string; state: unknown }) {
  return (
    <>
      {row.deletedAt ? (
        <b className="two-lines" title={row.name}>
          <Marked text={row.name} words={words} />
        </b>
      ) : (
        <Link className="row-link two-lines" title={row.name} to={to} state={state}>
          <Marked text={row.name} words={words} />
        </Link>
      )}
      <div className="mono">
        <Marked text={row.note} words={words} />
      </div>
    </>
  );
}

/** Addresses and numbers take one line, other texts at most two. The title has the whole text. */
const oneLine = new Set(['email', 'phone', 'username', 'externalId', 'lastIp']);

/** The value of a field in a row. */
export function Cell({ field, row, words }: InRow & { field: Field }) {
  const value = row.cells[field.key];
  if (value === undefined) return null;
  const { isLine } = listTypeOf(field);
  const text = isLine ? <Marked text={String(value)} words={words} /> : <ValueText value={value} field={field} />;
  const { badge } = kinds[field.targetType];
  if (field.key === badge?.key)
    return <span className={value === badge.good ? 'badge good' : 'badge caution'}>{text}</span>;
  if (!isLine) return text;
  return (
    <span className={oneLine.has(field.key) ? 'one-line' : 'two-lines'} title={String(value)}>
      {text}
    </span>
  );
}
