// The search index: for each target and each text value, all 1-, 2- and 3-grams of its folded text. SQLite keeps them in
// a full-text table without content, PostgreSQL in a tsvector under GIN; triggers fill both, so that no write forgets.
// Migration 005 makes it: another set of columns, or other grams, need a migration that makes it anew.

/** The built-in texts that keywords are looked for in. */
export const searchColumns = {
  users: ['phone', 'email', 'name', 'username', 'nickname', 'identity_number'],
  roles: ['code', 'name'],
  groups: ['code', 'name'],
  departments: ['code', 'name'],
} as const;

/** The runs of one, two and three signs in a folded text, each once. */
export function gramsOf(folded: string): string[] {
  const signs = [...folded];
  const grams = new Set<string>();
  for (const [at] of signs.entries()) {
    for (let end = at + 1; end <= Math.min(at + 3, signs.length); end += 1) grams.add(signs.slice(at, end).join(''));
  }
  return [...grams];
}

/** A gram as a word that the tokenizer of SQLite's full-text table leaves whole. */
export const hexOf = (gram: string) => [...gram].map((sign) => sign.codePointAt(0)?.toString(16)).join('x');
