/** Unicode's stream-safe texts have at most 30 marks in a row. The halfwidth voicing marks become some. */
const marks = /[\p{M}\uFF9E\uFF9F]{31}/u;

/** Whether it takes long to put the marks of a text in order: a time quadratic in the length of the longest run. */
export const hasManyMarks = (text: string): boolean => marks.test(text);

/** Normalises a text. One with too many marks in a row stays as it is. */
export const normalise = (text: string, form: 'NFC' | 'NFKC'): string =>
  hasManyMarks(text) ? text : text.normalize(form);

/** Folds a text for search: it ignores case and width. */
export const fold = (text: string): string => normalise(text, 'NFKC').toLowerCase();

const graphemes = new Intl.Segmenter();

/** Where a text has the words, as `fold` compares: what is before them, they themselves, and what is after. */
export function findFolded(text: string, words: string): [before: string, found: string, after: string] | undefined {
  const wanted = fold(words);
  const whole = fold(text);
  if (whole.length === text.length) {
    const start = wanted ? whole.indexOf(wanted) : -1;
    const end = start + wanted.length;
    return start < 0 ? undefined : [text.slice(0, start), text.slice(start, end), text.slice(end)];
  }
  // Each folded sign by the place of its original.
  const places: number[] = [];
  let folded = '';
  for (const { segment, index } of graphemes.segment(text)) {
    const one = fold(segment);
    folded += one;
    for (let at = 0; at < one.length; at += 1) places.push(index);
  }
  const at = wanted ? folded.indexOf(wanted) : -1;
  if (at < 0) return undefined;
  const start = places[at] ?? 0;
  const last = places[at + wanted.length - 1] ?? 0;
  const end = places.find((place) => place > last) ?? text.length;
  return [text.slice(0, start), text.slice(start, end), text.slice(end)];
}

/**
 * An e-mail address as accounts are found by it. Only A to Z lose their case: U+212A, the sign for kelvin, becomes k by
 * `toLowerCase`, and would make somebody else's address that of an account.
 */
export const foldAddress = (address: string): string => address.trim().replace(/[A-Z]/g, (sign) => sign.toLowerCase());
