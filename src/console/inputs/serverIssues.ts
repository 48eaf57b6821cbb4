import { ApiError } from '#contract/wire/errors';

/** What a refusal says of each input, by the input's name; empty where it is about none of them. */
export function serverIssuesOf(error: Error): Record<string, string> {
  const issues = error instanceof ApiError ? error.issues : [];
  return Object.fromEntries(issues.map(({ path, message, name }) => [String(path[0]), message ?? name]));
}
