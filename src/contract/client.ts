import { type EndpointName, endpoints, type Output, type Sent } from './endpoints.ts';
import type { Endpoint } from './wire/endpoint.ts';
import { ApiError, type ErrorName, errors } from './wire/errors.ts';
import type { Issue } from './wire/issue.ts';

type Headers = Record<string, string>;

interface Envelope {
  statusCode: number;
  message: string;
  data?: unknown;
  error?: string;
  issues?: Issue[];
  current?: unknown;
  requestId?: string;
}

/** What carries a request: `fetch`, or what stands for it. */
export type Transport = (
  url: string,
  request: { method: string; headers: Headers; body?: string },
) => Promise<{ json(): Promise<unknown>; headers: { get(name: string): string | null } }>;

/** Calls rows of the endpoint table. Both throw the ApiError that the server named, or `unavailable` without an answer. */
export interface Client {
  call<N extends EndpointName>(name: N, input: Sent<N>, headers?: Headers): Promise<Output<N>>;
  /** As `call`, with the ETag that names the state of what was read. */
  callTagged<N extends EndpointName>(
    name: N,
    input: Sent<N>,
    headers?: Headers,
  ): Promise<{ data: Output<N>; etag: string | null }>;
}

/** A client of the server at an address, which is the page's own where none is said; `headers` go with every call. */
export function makeClient(
  address: string,
  headers: () => Headers | Promise<Headers>,
  transport: Transport = fetch,
): Client {
  const callTagged: Client['callTagged'] = async (name, input, own = {}) => {
    const endpoint: Endpoint = endpoints[name];
    const { envelope, etag } = await send(transport, address, endpoint, input, { ...(await headers()), ...own });
    if (envelope.statusCode !== 200) throw errorOf(envelope);
    // The table says what of which name is answered, which is lost where any name may be asked.
    return { data: endpoint.output.parse(envelope.data) as Output<typeof name>, etag };
  };
  return { callTagged, call: async (...asked) => (await callTagged(...asked)).data };
}

/** A client with a management token of an access key, which is asked for with the first call. */
export function makeKeyClient(
  address: string,
  key: { id: string; secret: string },
  { headers = {}, transport }: { headers?: Headers; transport?: Transport } = {},
): Client {
  const nobody = makeClient(address, () => headers, transport);
  let token: Promise<string> | undefined;
  return makeClient(
    address,
    async () => {
      token ??= nobody
        .call('getManagementToken', { accessKeyId: key.id, accessKeySecret: key.secret })
        .then(({ access_token }) => access_token);
      return { ...headers, authorization: `Bearer ${await token}` };
    },
    transport,
  );
}

async function send(
  transport: Transport,
  address: string,
  { method, path }: Endpoint,
  input: unknown,
  headers: Headers,
): Promise<{ envelope: Envelope; etag: string | null }> {
  const isPost = method === 'POST';
  try {
    const response = await transport(`${address}${path}${isPost ? '' : queryOf(input)}`, {
      method,
      headers: { ...(isPost && { 'content-type': 'application/json' }), ...headers },
      ...(isPost && { body: JSON.stringify(input) }),
    });
    return { envelope: (await response.json()) as Envelope, etag: response.headers.get('etag') };
  } catch {
    // No answer, or none of ours: a proxy's page, a cut connection.
    throw new ApiError('unavailable');
  }
}

function errorOf({ error, issues, current, requestId, message }: Envelope): ApiError {
  const name: ErrorName = error && error in errors ? (error as ErrorName) : 'internal';
  return new ApiError(name, issues, { current, message, ...(requestId && { requestId }) });
}

/** An input as the query of a GET: a list as `name[]`, what is absent or null left out. */
export function queryOf(input: unknown): string {
  const pairs = Object.entries(input as Record<string, unknown>).flatMap(([key, value]) => {
    if (value === undefined || value === null) return [];
    return Array.isArray(value)
      ? value.map((one): [string, string] => [`${key}[]`, String(one)])
      : [[key, String(value)] as [string, string]];
  });
  return pairs.length ? `?${new URLSearchParams(pairs)}` : '';
}
