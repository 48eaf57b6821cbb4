import { ApiError } from '#contract/wire/errors';
import type { Issue } from '#contract/wire/issue';

/** What a refusal says of each control, and whether that is all that it says. */
export function issuesByControl<N extends string>(
  error: Error,
  controlOf: (path: Issue['path']) => N | undefined,
): { placed: Partial<Record<N, string>>; isAll: boolean } {
  const issues = error instanceof ApiError ? error.issues : [];
  const placed: Partial<Record<N, string>> = {};
  let isAll = issues.length > 0;
  for (const { path, message, name } of issues) {
    const control = controlOf(path);
    if (control === undefined) isAll = false;
    else placed[control] ??= message ?? name;
  }
  return { placed, isAll };
}
