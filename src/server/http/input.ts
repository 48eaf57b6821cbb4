import type { z } from 'zod';
import { type EndpointName, endpoints } from '#contract/endpoints';
import { ApiError } from '#contract/wire/errors';
import { type Issue, issuesOf, nameIssue } from '#contract/wire/issue';
import { partsOf } from '#contract/wire/parts';
import { openJson } from './json.ts';

/** More issues don't help the caller. */
const mostIssues = 1_000;

/** The issues of an input, or its data. Both can be sent between threads. */
export type Judged = { data: unknown } | { issues: Issue[] };

/** Validates the text of a body: its JSON, its size, and the schema of its endpoint. */
export function judgeBody(name: EndpointName, text: string): Judged {
  try {
    return judgeInput(name, text.trim() ? openJson(text) : {});
  } catch (thrown) {
    if (thrown instanceof ApiError) return { issues: thrown.issues.slice(0, mostIssues) };
    throw thrown;
  }
}

/** Validates an input with the schema of its endpoint. */
export function judgeInput(name: EndpointName, sent: unknown): Judged {
  const { input } = endpoints[name];
  // Checks lengths first, because a schema reports every issue of every item before it counts the items.
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
