import { exactNumber, InexactNumber } from '#contract/number';

/** A token that a double might not hold: sixteen digits in a row of digits and dots, or an exponent. */
const suspect = /[\d.]{16,}|\d[eE][+-]?\d/;

/**
 * Parses JSON without losing digits: a number that no double holds exactly becomes an InexactNumber, which every schema
 * refuses. Throws SyntaxError on malformed text.
 */
export function parseExactly(text: string): unknown {
  const parsed: unknown = JSON.parse(text);
  return suspect.test(text) ? parse(text) : parsed;
}

/** The members of a JSON object as they stand in the text: what the SDKs signed. Assumes well-formed JSON. */
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

function scanner(text: string) {
  let at = 0;
  const space = /[ \t\n\r]*/y;
  const scalar = /"(?:[^"\\]|\\.)*"|[^\s,:{}[\]"]+/y;
  const pass = (pattern: RegExp) => {
    pattern.lastIndex = at;
    const found = pattern.exec(text)?.[0] ?? '';
    at += found.length;
    return found;
  };
  const skip = (character: string) => {
    pass(space);
    const met = text[at] === character;
    if (met) at += 1;
    return met;
  };
  const token = () => {
    pass(space);
    return pass(scalar);
  };
  const value = () => {
    pass(space);
    const start = at;
    let depth = 0;
    do {
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
