import type { z } from 'zod';
import type { Language, Translation } from './language.ts';

/** The names of all input problems. Their texts are in `words/`. */
export const issueNames = [
  'required',
  'wrongType',
  'notOneOf',
  'tooLong',
  'tooShort',
  'tooMany',
  'tooManyParts',
  'tooFew',
  'tooBig',
  'tooSmall',
  'malformed',
  'malformedJson',
  'tooDeep',
  'keyFormat',
  'keyReserved',
  'keyTaken',
  'keyTakenByCase',
  'keyMissing',
  'fieldUndefined',
  'fieldUnknown',
  'dataTypeFixed',
  'encryptedFixed',
  'uniqueNotPossible',
  'enabledWithoutText',
  'optionValueRequired',
  'optionLabelRequired',
  'optionValueTaken',
  'notANumber',
  'notExact',
  'notADate',
  'dateAmbiguous',
  'dateWithoutOffset',
  'dayWithTime',
  'notABoolean',
  'notAnOption',
  'optionAmbiguous',
  'emptyNotAllowed',
  'nulCharacter',
  'loneSurrogate',
  'tooManyMarks',
  'valueTaken',
  'codeTaken',
  'duplicates',
  'repeated',
  'versionChanged',
  'operatorNotPossible',
  'sortNotPossible',
  'unsupported',
  'passwordUnsupported',
  'needsDirectoryRight',
  'needsReadRight',
  'needsWriteRight',
  'notFound',
  'wouldBeItsOwnParent',
  'hasChildren',
  'hasRoles',
  'patternInvalid',
  'patternUnsupported',
  'patternTooLarge',
  'patternBroken',
  'tooLongForPattern',
  'notAnEmail',
  'notAPhone',
  'boundsMalformed',
  'boundsReversed',
  'dispositionMissing',
  'dispositionUnknown',
  'reasonRequired',
  'scopeBeyondOwn',
  'beyondOwn',
  'accessBeyondOwn',
  'closesBeyondOwn',
  'closesToAll',
  'keyOfUnseen',
  'formerMakerHasLess',
  'lastAdministrator',
  'roleInvited',
  'notYourself',
  'masked',
  'fieldReadOnly',
  'fieldNotProtected',
  'rightConcernsPool',
  'roleUnknown',
  'roleHeld',
  'viewingAs',
  'needsRevealRight',
  'passwordCommon',
  'emailInvalid',
  'accountExists',
] as const;
export type IssueName = (typeof issueNames)[number];

/** The administrator's message for a value that breaks a rule. */
interface RuleWords {
  error: string;
  i18n?: { error: Record<Language, Translation> } | undefined;
}

/** A problem: where (`path`), what (`name`), and the limit or value that its text mentions. */
export interface Issue {
  path: (string | number)[];
  name: IssueName;
  limit?: string;
  /** The administrator's message of the broken rule. It replaces the standard text. */
  says?: RuleWords;
  /** The text for the caller. The server adds it. */
  message?: string;
}

/** The message in a schema: a name that the compiler checks, and the limit that its text mentions. */
export function issue(name: IssueName, limit?: string | number): string {
  return limit === undefined ? name : `${name} ${limit}`;
}

/** Reads the output of `issue`. Any other message counts as `malformed`. */
export function readIssue(message: string): Pick<Issue, 'name' | 'limit'> {
  const [head = '', ...rest] = message.split(' ');
  const name = issueNames.find((known) => known === head);
  if (!name) return { name: 'malformed' };
  return rest.length ? { name, limit: rest.join(' ') } : { name };
}

/** Zod's error map: gives each built-in problem its name. Pass it to every `safeParse` and resolver. */
export const nameIssue: z.core.$ZodErrorMap = (raw) => {
  switch (raw.code) {
    case 'invalid_type':
      return issue(raw.input === undefined || raw.input === null ? 'required' : 'wrongType');
    case 'invalid_value':
      return raw.input === undefined ? issue('required') : issue('notOneOf', raw.values.map(String).join(', '));
    case 'too_big':
      return sized(raw.origin, 'tooLong', 'tooMany', 'tooBig', raw.maximum);
    case 'too_small':
      return sized(raw.origin, 'tooShort', 'tooFew', 'tooSmall', raw.minimum);
    case 'invalid_union':
      return issue(raw.input === undefined ? 'required' : 'wrongType');
    default:
      return issue('malformed');
  }
};

function sized(origin: string, text: IssueName, list: IssueName, number: IssueName, limit: number | bigint): string {
  if (origin === 'string') return issue(text, String(limit));
  return issue(origin === 'array' ? list : number, String(limit));
}

/** All problems of a failed parse, with their paths. */
export function issuesOf(error: z.core.$ZodError): Issue[] {
  return error.issues.map((found) => ({
    path: found.path.map((part) => (typeof part === 'symbol' ? String(part) : part)),
    ...readIssue(found.message),
    ...saysOf(found),
  }));
}

function saysOf(found: z.core.$ZodIssue): Pick<Issue, 'says'> {
  const says = found.code === 'custom' ? (found.params?.says as RuleWords | undefined) : undefined;
  return says?.error ? { says: { error: says.error, ...(says.i18n && { i18n: says.i18n }) } } : {};
}
