// The search index: for each target and each text value, all 1-, 2- and 3-grams of its folded text. SQLite stores them
// in a full-text table without content, PostgreSQL in a tsvector with a GIN index. Triggers fill both, so that no write
// can forget it. Migration 005 makes the index. Other columns or other grams need a migration that rebuilds it.

/** The built-in texts that a keyword search covers. */
export const searchColumns = {
  users: ['phone', 'email', 'name', 'username', 'nickname', 'identity_number'],
  roles: ['code', 'name'],
  groups: ['code', 'name'],
  departments: ['code', 'name'],
} as const;

/** The distinct runs of one, two and three characters in a folded text. */
export function gramsOf(folded: string): string[] {
  const signs = [...folded];
  const grams = new Set<string>();
  for (const [at] of signs.entries()) {
    for (let end = at + 1; end <= Math.min(at + 3, signs.length); end += 1) grams.add(signs.slice(at, end).join(''));
  }
  return [...grams];
}

/** A gram as one word for the tokenizer of SQLite's full-text table. */
export const hexOf = (gram: string) => [...gram].map((sign) => sign.codePointAt(0)?.toString(16)).join('x');
