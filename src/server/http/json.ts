import { ApiError } from '#contract/wire/errors';
import type { Issue } from '#contract/wire/issue';
import { exactNumber, InexactNumber } from '#contract/wire/number';

/** No endpoint takes a body with more levels or values. Such a body would cost too much to parse. */
const maxDepth = 64;
const maxValues = 400_000;

/** A number that a double may not hold: sixteen digits and dots in a row, or an exponent. */
const suspect = /[\d.]{16,}|\d[eE][+-]?\d/;

/** The text may contain U+0000, half a surrogate pair or `__proto__`. The first two can only be escapes here. */
const isDoubtful = /__proto__|\\u(?:00[0567]|[dD][89a-fA-F])/;

/** Parses the JSON of a request. Throws `validation` with the place of what no endpoint takes. */
export function openJson(text: string): unknown {
  requireModest(text);
  let parsed: unknown;
  try {
    parsed = parseExactly(text);
  } catch {
    throw new ApiError('validation', [{ path: [], name: 'malformedJson' }]);
  }
  if (isDoubtful.test(text)) requireHoldable(parsed);
  return parsed;
}

/** Refuses texts and names that no database can store (U+0000, half a surrogate pair), and the name `__proto__`. */
export function requireHoldable(sent: unknown): void {
  const issues = [...faultsOf(sent, [])];
  if (issues.length) throw new ApiError('validation', issues);
}

function* faultsOf(sent: unknown, path: Issue['path']): Generator<Issue> {
  if (typeof sent === 'string') {
    if (sent.includes('\u0000')) yield { path, name: 'nulCharacter' };
    else if (/\p{Surrogate}/u.test(sent)) yield { path, name: 'loneSurrogate' };
  } else if (Array.isArray(sent)) {
    for (const [index, item] of sent.entries()) yield* faultsOf(item, [...path, index]);
  } else if (typeof sent === 'object' && sent !== null) {
    for (const [key, value] of Object.entries(sent)) {
      // An assignment to it would lose the value silently.
      if (key === '__proto__') yield { path: [...path, key], name: 'fieldUnknown' };
      yield* faultsOf(key, [...path, key]);
      yield* faultsOf(value, [...path, key]);
    }
  }
}

/** Checks the text before it is parsed, because a short text can need a lot of memory. */
function requireModest(text: string): void {
  let depth = 0;
  let values = 1;
  for (let at = 0; at < text.length; at += 1) {
    const sign = text[at];
    if (sign === '"') at = endOfString(text, at) - 1;
    else if (sign === ',') values += 1;
    else if (sign === '{' || sign === '[') {
      depth += 1;
      values += 1;
      if (depth > maxDepth) throw new ApiError('validation', [{ path: [], name: 'tooDeep', limit: String(maxDepth) }]);
    } else if (sign === '}' || sign === ']') depth -= 1;
  }
  if (values > maxValues)
    throw new ApiError('validation', [{ path: [], name: 'tooMany', limit: maxValues.toLocaleString('en-US') }]);
}

/**
 * Parses JSON without losing digits. A number that no double holds exactly becomes an `InexactNumber`, which every
 * schema refuses. Throws SyntaxError if the text is malformed.
 */
export function parseExactly(text: string): unknown {
  const parsed: unknown = JSON.parse(text);
  return suspect.test(text) ? parse(text) : parsed;
}

/** The members of a JSON object with the exact text that the SDKs signed. Throws SyntaxError if it isn't an object. */
export function membersOf(text: string): Map<string, string> {
  const members = new Map<string, string>();
  const scan = scanner(text);
  scan.expect('{');
  while (!scan.skip('}')) {
    const key = JSON.parse(scan.token()) as string;
    scan.expect(':');
    members.set(key, scan.value());
    scan.skip(',');
  }
  return members;
}

/** The slow path, only for bodies with a suspect number. `JSON.parse` has already accepted the text. */
function parse(text: string): unknown {
  const scan = scanner(text);
  const read = (): unknown => {
    if (scan.skip('{')) {
      const entries: [string, unknown][] = [];
      while (!scan.skip('}')) {
        const key = JSON.parse(scan.token()) as string;
        scan.expect(':');
        entries.push([key, read()]);
        scan.skip(',');
      }
      return Object.fromEntries(entries);
    }
    if (scan.skip('[')) {
      const list: unknown[] = [];
      while (!scan.skip(']')) {
        list.push(read());
        scan.skip(',');
      }
      return list;
    }
    const token = scan.token();
    return /^[-\d]/.test(token) ? (exactNumber(token) ?? new InexactNumber(token)) : JSON.parse(token);
  };
  return read();
}

const spaces = ' \t\n\r';
const marks = '{}[]:,"';

// Reads characters one by one. Regular expressions overflow the stack on a long text and are much slower.
function scanner(text: string) {
  let at = 0;
  const pass = () => {
    while (at < text.length && spaces.includes(text[at] ?? '')) at += 1;
  };
  const skip = (character: string) => {
    pass();
    const met = text[at] === character;
    if (met) at += 1;
    return met;
  };
  const token = () => {
    pass();
    const start = at;
    if (text[at] === '"') at = endOfString(text, at);
    else while (at < text.length && !marks.includes(text[at] ?? '') && !spaces.includes(text[at] ?? '')) at += 1;
    return text.slice(start, at);
  };
  const value = () => {
    pass();
    const start = at;
    let depth = 0;
    do {
      if (at >= text.length) throw new SyntaxError(`Unexpected end at ${at}.`);
      if (skip('{') || skip('[')) depth += 1;
      else if (skip('}') || skip(']')) depth -= 1;
      else if (!skip(',') && !skip(':') && !token()) throw new SyntaxError(`Unexpected end at ${at}.`);
    } while (depth > 0);
    return text.slice(start, at);
  };
  const expect = (character: string) => {
    if (!skip(character)) throw new SyntaxError(`Expected ${character} at ${at}.`);
  };
  return { skip, token, value, expect };
}

/** The end of a string that starts at a quotation mark. */
function endOfString(text: string, start: number): number {
  let end = start;
  do {
    end = text.indexOf('"', end + 1);
    if (end < 0) return text.length;
  } while (isEscaped(text, end));
  return end + 1;
}

function isEscaped(text: string, at: number): boolean {
  let before = at;
  while (text[before - 1] === '\\') before -= 1;
  return (at - before) % 2 === 1;
}
