import type { Issue } from '#contract/wire/issue';
import { toast } from '../ui/toasts.ts';
import { issuesByControl } from './issuesByControl.ts';

/** The issues of an error by control. A toast shows the error if some issue has no control. */
export function placeIssues<N extends string>(
  error: Error,
  controlOf: (path: Issue['path']) => N | undefined,
  tell: (error: Error) => unknown = toast.error,
): Partial<Record<N, string>> {
  const { placed, isAll } = issuesByControl(error, controlOf);
  if (!isAll) tell(error);
  return placed;
}
