import { findFolded } from '#contract/wire/fold';

/** A text in which the words of a search are marked, where it has them. */
export function Marked({ text, words }: { text: string; words: string | undefined }) {
  const parts = words ? findFolded(text, words) : undefined;
  if (!parts) return text;
  const [before, found, after] = parts;
  return (
    <>
      {before}
      <mark className="marked">{found}</mark>
      {after}
    </>
  );
}
