import { labelOf } from '#contract/field';
import type { ListRow } from '#contract/list';
import { useLanguage } from '../ui/language.ts';
import { Marked } from '../ui/Marked.tsx';
import { findField, type ListFields } from './list.ts';

/** The field in which a search found its words, and the part of the value that has them. */
export function FoundIn({
  found: { key, text },
  fields,
  words,
}: {
  found: NonNullable<ListRow['found']>;
  fields: ListFields;
  words: string | undefined;
}) {
  const language = useLanguage();
  const field = findField(fields, key);
  return (
    <div className="found-in">
      <span className="quiet" lang={language}>
        {field ? labelOf(field, language) : key}
      </span>{' '}
      <Marked text={text} words={words} />
    </div>
  );
}
