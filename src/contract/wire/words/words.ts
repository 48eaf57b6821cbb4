import type { ErrorName } from '../errors.ts';
import type { IssueName } from '../issue.ts';

/**
 * The texts of the server for API callers and of the console for people, once per language. `{{limit}}` is the issue's
 * limit.
 */
export interface Words {
  errors: Record<ErrorName, string>;
  issues: Record<IssueName, string>;
  /** The envelope's message for one problem, and the text that follows if there are more. */
  parameter: string;
  more: string;
}
