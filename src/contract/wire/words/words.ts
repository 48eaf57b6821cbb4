import type { ErrorName } from '../errors.ts';
import type { IssueName } from '../issue.ts';

/** What the server says to API callers and the console to people, once for each language. `{{limit}}` is the issue's limit. */
export interface Words {
  errors: Record<ErrorName, string>;
  issues: Record<IssueName, string>;
  /** The envelope's message for one complaint, and what follows when there are more. */
  parameter: string;
  more: string;
}
