/** The query as the SDKs mean it: `k[]` and repeated keys are lists. */
export function foldQuery(query: unknown): Record<string, string | string[]> {
  const folded = new Map<string, string | string[]>();
  for (const [name, value] of Object.entries(query as Record<string, string | string[]>)) {
    if (name.endsWith('[]')) folded.set(name.slice(0, -2), Array.isArray(value) ? value : [value]);
    else folded.set(name, value);
  }
  return Object.fromEntries(folded);
}
