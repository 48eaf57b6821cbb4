import { createHmac, timingSafeEqual } from 'node:crypto';
import { membersOf } from '../json.ts';

/** The two SDK families differ in the scheme word and the header prefix only (wire facts: authing-node-sdk, genauth-node-sdk). */
export type Family = 'authing' | 'genauth';

export interface SignedRequest {
  method: string;
  /** From `/api/` on, without the query. */
  path: string;
  headers: Record<string, string | string[] | undefined>;
  /** The decoded query of a GET, repeats and `k[]` folded into lists. */
  query: Record<string, string | string[]>;
  /** The body's text as it came. */
  body: string;
  /** Optional parameters of the route that the caller may have signed as null. */
  optional: string[];
}

const most = 8;

/** Whether a signature is that of one of the strings which the SDKs may have signed for this request. */
export function isSigned(request: SignedRequest, family: Family, secret: string, signature: string): boolean {
  const given = Buffer.from(signature);
  return stringsToSign(request, family).some((text) => {
    const expected = Buffer.from(sign(secret, text));
    return expected.length === given.length && timingSafeEqual(expected, given);
  });
}

export function sign(secret: string, text: string): string {
  return createHmac('sha1', secret).update(text, 'utf8').digest('base64');
}

/** At most eight candidates: what reaches the wire doesn't always tell what was signed. */
export function stringsToSign(request: SignedRequest, family: Family): string[] {
  const headers = canonicalHeaders(request.headers, family);
  const method = request.method.toUpperCase();
  const resources = method === 'GET' ? queryResources(request) : bodyResources(request);
  const candidates = resources.map((resource) => `${method}\n${headers}${request.path}${resource}`);
  // makeRequest({ method: 'get' }) signs the lower-case word and the body's parameters.
  const lower = method === 'GET' ? (Object.keys(request.query).length ? [] : ['']) : resources.slice(0, 1);
  return [
    ...candidates.slice(0, most - 1),
    ...lower.map((resource) => `${method.toLowerCase()}\n${headers}${request.path}${resource}`),
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

function queryResources({ query, optional }: SignedRequest): string[] {
  const written: Pairs = new Map();
  const unquoted: Pairs = new Map();
  for (const [key, value] of Object.entries(query)) {
    written.set(key, typeof value === 'string' ? value : JSON.stringify(value));
    unquoted.set(key, typeof value === 'string' ? value : `[${value.join(',')}]`);
  }
  const absent = optional.filter((key) => !written.has(key));
  return distinct([
    ...(written.size ? [resource(written), resource(unquoted)] : ['', '?']),
    ...absent.map((key) => resource(new Map([...written, [key, 'null']]))),
  ]);
}

function bodyResources({ body }: SignedRequest): string[] {
  const members = body.trim() ? signable(body) : new Map<string, string>();
  // No SDK signs what is no object.
  if (!members) return [];
  if (!members.size) return ['', '?'];
  const written: Pairs = new Map();
  const quoted: Pairs = new Map();
  for (const [key, raw] of members) {
    const text = raw.startsWith('"') ? (JSON.parse(raw) as string) : raw;
    written.set(key, text);
    // A Date at the top level is signed as its JSON text.
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

/** JavaScript's default sort, nothing percent-encoded. */
function resource(pairs: Pairs): string {
  return `?${[...pairs.keys()]
    .sort()
    .map((key) => `${key}=${pairs.get(key)}`)
    .join('&')}`;
}

const distinct = (list: string[]) => [...new Set(list)];
