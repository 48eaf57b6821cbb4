import { ApiError } from '#contract/wire/errors';
import type { Issue } from '#contract/wire/issue';

/** The issues of an error by control, and whether every issue has a control. */
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
