import { ApiError } from '#contract/wire/errors';
import type { Issue } from '#contract/wire/issue';
import { exactNumber, InexactNumber } from '#contract/wire/number';

/** No body that the contract takes has more levels or values; what has costs more than it can be worth. */
const maxDepth = 64;
const maxValues = 400_000;

/** A token that a double might not hold: sixteen digits in a row of digits and dots, or an exponent. */
const suspect = /[\d.]{16,}|\d[eE][+-]?\d/;

/** What may be in a text that holds something of the kind below: all of it but a name is written as an escape. */
const isDoubtful = /__proto__|\\u(?:00[0567]|[dD][89a-fA-F])/;

/** Parses the JSON of a request. Throws validation, which says where, on what no endpoint takes. */
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

/** Refuses texts and names that hold what no database holds (U+0000, half a surrogate pair), and a name that no object does. */
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
      // Assigned, it would vanish without a word.
      if (key === '__proto__') yield { path: [...path, key], name: 'fieldUnknown' };
      yield* faultsOf(key, [...path, key]);
      yield* faultsOf(value, [...path, key]);
    }
  }
}

/** Before any of it is built: a few bytes of text can become many of memory. */
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
 * Parses JSON without losing digits: a number that no double holds exactly becomes an InexactNumber, which every schema
 * refuses. Throws SyntaxError on malformed text.
 */
export function parseExactly(text: string): unknown {
  const parsed: unknown = JSON.parse(text);
  return suspect.test(text) ? parse(text) : parsed;
}

/** The members of a JSON object as they stand in the text: what the SDKs signed. Throws SyntaxError where there is none. */
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

/** The slow path: only bodies with a suspect number come here, and they are known to be well-formed. */
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

// Sign by sign, not by regular expressions: those overflow the stack on a long text, and are far slower.
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

/** Where a text that begins at a quotation mark is over. */
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
