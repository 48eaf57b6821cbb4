import { createHmac, timingSafeEqual } from 'node:crypto';
import { membersOf } from './json.ts';

/** The two SDK families differ only in the scheme and the header prefix (see authing-node-sdk and genauth-node-sdk). */
export type Family = 'authing' | 'genauth';

export interface SignedRequest {
  method: string;
  /** Starts at `/api/`, without the query. */
  path: string;
  headers: Record<string, string | string[] | undefined>;
  /** The decoded query of a GET. Repeated keys and `k[]` are lists. */
  query: Record<string, string | string[]>;
  /** The original text of the body. */
  body: string;
  /** Optional parameters of the route. The caller may have signed them as null. */
  optional: string[];
}

const most = 8;

/** A text in pieces, so that each candidate doesn't need its own copy of a large body. */
type Pieces = string[];

/** Whether the signature fits one of the strings that the SDKs may have signed for this request. */
export function isSigned(request: SignedRequest, family: Family, secret: string, signature: string): boolean {
  const given = Buffer.from(signature);
  return candidates(request, family).some((pieces) => {
    const expected = Buffer.from(signPieces(secret, pieces));
    return expected.length === given.length && timingSafeEqual(expected, given);
  });
}

export const sign = (secret: string, text: string): string => signPieces(secret, [text]);

function signPieces(secret: string, pieces: Pieces): string {
  const hmac = createHmac('sha1', secret);
  for (const piece of pieces) for (const part of parts(piece)) hmac.update(part, 'utf8');
  return hmac.digest('base64');
}

const partLength = 1_000_000;

/** Parts of the text, without a copy of the whole and without splitting a surrogate pair. */
function* parts(text: string): Generator<string> {
  for (let at = 0; at < text.length; ) {
    const isCut = /[\ud800-\udbff]/.test(text[at + partLength - 1] ?? '');
    const end = at + partLength - Number(isCut);
    yield text.slice(at, end);
    at = end;
  }
}

/** At most eight candidates, because the request doesn't always show what the SDK signed. */
export const stringsToSign = (request: SignedRequest, family: Family): string[] =>
  candidates(request, family).map((pieces) => pieces.join(''));

function candidates(request: SignedRequest, family: Family): Pieces[] {
  const headers = canonicalHeaders(request.headers, family);
  const method = request.method.toUpperCase();
  const resources = method === 'GET' ? queryResources(request) : bodyResources(request);
  // `makeRequest({ method: 'get' })` signs the lower-case method and the parameters of the body.
  const lower = method === 'GET' ? (Object.keys(request.query).length ? [] : [[]]) : resources.slice(0, 1);
  const begin = (word: string) => `${word}\n${headers}${request.path}`;
  return [
    ...resources.slice(0, most - 1).map((resource) => [begin(method), ...resource]),
    ...lower.map((resource) => [begin(method.toLowerCase()), ...resource]),
  ];
}

function canonicalHeaders(headers: SignedRequest['headers'], family: Family): string {
  return Object.keys(headers)
    .filter((name) => name === 'date' || name.startsWith(`x-${family}-`))
    .sort()
    .map(
      (name) =>
        `${name}:${String(headers[name] ?? '')
          .replace(/[\t\n\r\f]/g, ' ')
          .trim()}\n`,
    )
    .join('');
}

type Pairs = Map<string, string>;

function queryResources({ query, optional }: SignedRequest): Pieces[] {
  const written: Pairs = new Map();
  const unquoted: Pairs = new Map();
  for (const [key, value] of Object.entries(query)) {
    written.set(key, typeof value === 'string' ? value : JSON.stringify(value));
    unquoted.set(key, typeof value === 'string' ? value : `[${value.join(',')}]`);
  }
  const absent = optional.filter((key) => !written.has(key));
  return distinct([
    ...(written.size ? [resource(written), resource(unquoted)] : nothing),
    ...absent.map((key) => resource(new Map([...written, [key, 'null']]))),
  ]);
}

function bodyResources({ body }: SignedRequest): Pieces[] {
  const members = body.trim() ? signable(body) : new Map<string, string>();
  // No SDK signs a body that isn't an object.
  if (!members) return [];
  if (!members.size) return nothing;
  const written: Pairs = new Map();
  const quoted: Pairs = new Map();
  for (const [key, raw] of members) {
    const text = raw.startsWith('"') ? (JSON.parse(raw) as string) : raw;
    written.set(key, text);
    // The SDKs sign a Date at the top level as its JSON text.
    quoted.set(key, raw.startsWith('"') && /^\d{4}-\d{2}-\d{2}T.*Z$/.test(text) ? raw : text);
  }
  return distinct([resource(written), resource(quoted)]);
}

function signable(body: string): Map<string, string> | undefined {
  try {
    const members = membersOf(body);
    for (const raw of members.values()) if (raw.startsWith('"')) JSON.parse(raw);
    return members;
  } catch {
    return undefined;
  }
}

/** Without parameters, some SDKs sign a single question mark. */
const nothing: Pieces[] = [[], ['?']];

/** Sorted with JavaScript's default sort, without percent-encoding. */
function resource(pairs: Pairs): Pieces {
  return [...pairs.keys()].sort().flatMap((key, index) => [`${index ? '&' : '?'}${key}=`, pairs.get(key) ?? '']);
}

/** Removes duplicates. */
function distinct(list: Pieces[]): Pieces[] {
  const isSame = (a: Pieces, b: Pieces) => a.length === b.length && a.every((piece, index) => piece === b[index]);
  return list.filter((pieces, index) => list.findIndex((other) => isSame(other, pieces)) === index);
}
