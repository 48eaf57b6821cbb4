import { type Language, languages } from '#contract/wire/language';

// The order of names that readers of a language expect: pinyin, strokes, kana, the Latin alphabet. PostgreSQL has
// collations for it. SQLite compares keys that triggers store (migration 028): the ranks of the signs of a name.

/** Changes when the same name may get another key. The stored keys are then made again. */
export const collationVersion = `${process.versions.icu} 1`;

/** PostgreSQL's collation of each language. */
export const collations: Record<Language, string> = {
  'en-US': 'en-x-icu',
  'zh-CN': 'zh-Hans-CN-x-icu',
  'zh-TW': 'zh-Hant-TW-x-icu',
  'ja-JP': 'ja-x-icu',
};

/** The column of `name_order`, and the end of the names of indexes. */
export const columnOf = (language: Language): string => language.toLowerCase().replace('-', '_');

/** The language of a column of `name_order`. */
export const languageOfColumn = (column: string): Language =>
  languages.find((language) => columnOf(language) === column) ?? 'en-US';

/** Signs beyond are rare and follow all others in the order of their numbers. */
const ranked = 0x1_00_00;
/** For each language: the rank of a sign as a letter, then with its case and accents. */
const tables = 2 * languages.length;
const header = 4;

/** Room for the ranks. The threads of a process share it, and the first one that needs them fills it. */
export const makeRanks = () => new SharedArrayBuffer(header + 2 * ranked * tables);

/** The key by which a name sorts in a language, by code point. It has the first 64 signs. */
export function nameKey(ranks: SharedArrayBuffer, name: string, language: Language): string {
  filled(ranks);
  const at = 2 * languages.indexOf(language);
  const signs = [...name.normalize('NFC').slice(0, 128)].slice(0, 64);
  return `${keyOf(ranks, signs, at)}\u0001${keyOf(ranks, signs, at + 1)}`;
}

function keyOf(ranks: SharedArrayBuffer, signs: string[], table: number): string {
  const rankOf = tableOf(ranks, table);
  const codes = signs.map((sign) => {
    const code = sign.codePointAt(0) ?? 0;
    if (code >= ranked) return code;
    const rank = (rankOf[code] ?? 0) + 1;
    // Surrogates aren't signs.
    return rank < 0xd8_00 ? rank : rank + 0x8_00;
  });
  // Signs without a rank, such as controls, don't count.
  return String.fromCodePoint(...codes.filter((code) => code > 1));
}

const tableOf = (ranks: SharedArrayBuffer, table: number) =>
  new Uint16Array(ranks, header + 2 * ranked * table, ranked);

const [empty, filling, full] = [0, 1, 2];

/** Waits while another thread fills the ranks. */
function filled(ranks: SharedArrayBuffer): void {
  const state = new Int32Array(ranks, 0, 1);
  const was = Atomics.compareExchange(state, 0, empty, filling);
  if (was === full) return;
  // The thread that fills them may have ended.
  if (was === filling && Atomics.wait(state, 0, filling, 2_000) !== 'timed-out') return;
  const signs = Array.from({ length: ranked }, (_, code) => String.fromCharCode(code)).filter((sign) =>
    /[\p{L}\p{N}\p{P}\p{S}\p{Z}]/u.test(sign),
  );
  for (const [index, language] of languages.entries()) rank(ranks, signs, { language, at: 2 * index });
  Atomics.store(state, 0, full);
  Atomics.notify(state, 0);
}

function rank(ranks: SharedArrayBuffer, signs: string[], { language, at }: { language: Language; at: number }): void {
  const { compare } = new Intl.Collator(language);
  const { compare: compareLetters } = new Intl.Collator(language, { sensitivity: 'base' });
  const [letters, variants] = [tableOf(ranks, at), tableOf(ranks, at + 1)];
  let letter = 0;
  let before: string | undefined;
  for (const [index, sign] of [...signs].sort(compare).entries()) {
    if (before === undefined || compareLetters(before, sign) !== 0) letter += 1;
    before = sign;
    letters[sign.charCodeAt(0)] = letter;
    variants[sign.charCodeAt(0)] = index + 1;
  }
}
