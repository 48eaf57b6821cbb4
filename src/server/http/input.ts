import type { z } from 'zod';
import { type EndpointName, endpoints } from '#contract/endpoints';
import { ApiError } from '#contract/wire/errors';
import { type Issue, issuesOf, nameIssue } from '#contract/wire/issue';
import { partsOf } from '#contract/wire/parts';
import { openJson } from './json.ts';

/** Whoever sends this many faults has no use for more. */
const mostIssues = 1_000;

/** What is wrong with an input, or what it says; both can be sent from thread to thread. */
export type Judged = { data: unknown } | { issues: Issue[] };

/** Judges the text of a body: well-formed, of sensible size, and what its endpoint takes. */
export function judgeBody(name: EndpointName, text: string): Judged {
  try {
    return judgeInput(name, text.trim() ? openJson(text) : {});
  } catch (thrown) {
    if (thrown instanceof ApiError) return { issues: thrown.issues.slice(0, mostIssues) };
    throw thrown;
  }
}

/** Judges an input by the schema of its endpoint. */
export function judgeInput(name: EndpointName, sent: unknown): Judged {
  const { input } = endpoints[name];
  // A schema names every fault of every item before it counts them.
  const excess = [...excessOf(input, sent, [])];
  if (excess.length) return { issues: excess };
  const parsed = (input as z.ZodType).safeParse(sent, { error: nameIssue });
  return parsed.success ? { data: parsed.data } : { issues: issuesOf(parsed.error).slice(0, mostIssues) };
}

function* excessOf(schema: z.ZodType, sent: unknown, path: Issue['path']): Generator<Issue> {
  if (typeof sent !== 'object' || sent === null) return;
  const def = partsOf(schema);
  if (def.type === 'optional' || def.type === 'nullable') yield* excessOf(def.innerType, sent, path);
  else if (def.type === 'pipe') yield* excessOf(partsOf(def.in).type === 'transform' ? def.out : def.in, sent, path);
  else if (def.type === 'object' && !Array.isArray(sent)) {
    for (const [key, value] of Object.entries(sent)) {
      const inner = Object.hasOwn(def.shape, key) ? def.shape[key] : undefined;
      if (inner) yield* excessOf(inner, value, [...path, key]);
    }
  } else if (def.type === 'array' && Array.isArray(sent)) {
    const { maximum } = schema._zod.bag as { maximum?: number };
    if (maximum !== undefined && sent.length > maximum) yield { path, name: 'tooMany', limit: String(maximum) };
    else for (const [index, item] of sent.entries()) yield* excessOf(def.element, item, [...path, index]);
  }
}
