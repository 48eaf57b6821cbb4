// Compares the answers of two worlds. Each world makes its own ids.

/** Pairs of generated strings (ids, tokens, tags), one from each world, that have the same meaning. */
export class Renaming {
  readonly #there = new Map<string, string>();
  readonly #back = new Map<string, string>();
  /** Whether two strings have the same meaning. */
  same(one: string, other: string): boolean {
    if (isTime(one) && isTime(other)) return true;
    if (!isMade(one) || !isMade(other)) return one === other;
    const known = this.#there.get(one);
    if (known !== undefined || this.#back.has(other)) return known === other;
    this.#there.set(one, other);
    this.#back.set(other, one);
    return true;
  }
}
const isTime = (text: string) => /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(text);
const isMade = (text: string) => /^"?[\w.-]{16,}"?$/.test(text) && (text.length > 40 || /\d/.test(text));

/** The path of the first difference of two answers. Undefined if there is none. */
export function differs(one: unknown, other: unknown, renaming: Renaming, path = ''): string | undefined {
  if (typeof one === 'string' && typeof other === 'string' && /[,\r\n]/.test(one))
    return differs(one.split(/[,\r\n]/), other.split(/[,\r\n]/), renaming, path);
  if (typeof one === 'string' && typeof other === 'string')
    return renaming.same(one, other) ? undefined : `${path}: ${one} | ${other}`;
  if (typeof one !== 'object' || typeof other !== 'object' || !one || !other)
    return Object.is(one, other) ? undefined : `${path}: ${JSON.stringify(one)} | ${JSON.stringify(other)}`;
  const [left, right] = [Object.entries(one), new Map(Object.entries(other))];
  if (left.length !== right.size) return `${path}: ${JSON.stringify(one)} | ${JSON.stringify(other)}`;
  for (const [key, value] of left) {
    // A checkpoint counts all entries, as the ids of entries do. `.github/SECURITY.md` lists it as a limitation.
    if (key === 'requestId' || (key === 'count' && path.endsWith('.checkpoint'))) continue;
    // The same name means the same. Only a generated name can differ.
    const at = right.has(key) ? key : [...right.keys()].find((name) => isMade(key) && renaming.same(key, name));
    const found =
      at === undefined ? `${path}.${key}: only in one` : differs(value, right.get(at), renaming, `${path}.${key}`);
    if (found) return found;
  }
  return undefined;
}
