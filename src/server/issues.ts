import { ApiError, type ErrorName } from '#contract/wire/errors';
import type { Issue, IssueName } from '#contract/wire/issue';
import type { Context } from './context.ts';

/** Nobody reads more problems at once. */
const most = 1_000;

/** Collects the problems of a list, so that the caller learns of all. The first one names the error. */
export interface IssueCollector {
  add(name: ErrorName, path: Issue['path'], issue: IssueName, limit?: string): void;
  push(name: ErrorName, issue: Issue): void;
  any(): boolean;
  throwIfAny(): void;
}

export function collectIssues(): IssueCollector {
  let named: ErrorName | undefined;
  const issues: Issue[] = [];
  const push = (name: ErrorName, issue: Issue) => {
    named ??= name;
    if (issues.length < most) issues.push(issue);
  };
  return {
    push,
    add: (name, path, issue, limit) =>
      push(name, limit === undefined ? { path, name: issue } : { path, name: issue, limit }),
    any: () => named !== undefined,
    throwIfAny() {
      if (named) throw new ApiError(named, issues);
    },
  };
}

/** A refusal whose message needs slow reads. `settle` makes the message after the rollback of the write. */
export class Refused extends Error {
  readonly settle: (context: Context) => Promise<ApiError>;
  constructor(settle: (context: Context) => Promise<ApiError>) {
    super('Refused');
    this.settle = settle;
  }
}
