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

/** Sends a request: `fetch` or a substitute. */
export type Transport = (
  url: string,
  request: { method: string; headers: Headers; body?: string },
) => Promise<{ json(): Promise<unknown>; headers: { get(name: string): string | null } }>;

/** Calls endpoints of the table. Both methods throw the server's `ApiError`, or `unavailable` if there is no answer. */
export interface Client {
  call<N extends EndpointName>(name: N, input: Sent<N>, headers?: Headers): Promise<Output<N>>;
  /** Like `call`, and also returns the ETag of the state that was read, and the id of the request. */
  callTagged<N extends EndpointName>(
    name: N,
    input: Sent<N>,
    headers?: Headers,
  ): Promise<{ data: Output<N>; etag: string | null; requestId: string }>;
}

/** A client of the server at `address` ("" is the page's own server). Every call sends `headers`. */
export function makeClient(
  address: string,
  headers: () => Headers | Promise<Headers>,
  transport: Transport = fetch,
): Client {
  const callTagged: Client['callTagged'] = async (name, input, own = {}) => {
    const endpoint: Endpoint = endpoints[name];
    const { envelope, etag, requestId } = await send(transport, address, endpoint, input, {
      ...(await headers()),
      ...own,
    });
    if (envelope.statusCode !== 200) throw errorOf(envelope);
    // The table knows the output of each name. TypeScript loses it where `name` can be any endpoint.
    return { data: endpoint.output.parse(envelope.data) as Output<typeof name>, etag, requestId };
  };
  return { callTagged, call: async (...asked) => (await callTagged(...asked)).data };
}

/** A client that uses the management token of an access key. The first call fetches the token. */
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
): Promise<{ envelope: Envelope; etag: string | null; requestId: string }> {
  const isPost = method === 'POST';
  try {
    const response = await transport(`${address}${path}${isPost ? '' : queryOf(input)}`, {
      method,
      headers: { ...(isPost && { 'content-type': 'application/json' }), ...headers },
      ...(isPost && { body: JSON.stringify(input) }),
    });
    const envelope = (await response.json()) as Envelope;
    return { envelope, etag: response.headers.get('etag'), requestId: response.headers.get('x-request-id') ?? '' };
  } catch {
    // There is no answer, or it isn't from Fieldbook: an error page of a proxy, or a lost connection.
    throw new ApiError('unavailable');
  }
}

function errorOf({ error, issues, current, requestId, message }: Envelope): ApiError {
  const name: ErrorName = error && error in errors ? (error as ErrorName) : 'internal';
  return new ApiError(name, issues, { current, message, ...(requestId && { requestId }) });
}

/** An input as the query of a GET: a list is `name[]`; absent and null values are left out. */
export function queryOf(input: unknown): string {
  const pairs = Object.entries(input as Record<string, unknown>).flatMap(([key, value]) => {
    if (value === undefined || value === null) return [];
    return Array.isArray(value)
      ? value.map((one): [string, string] => [`${key}[]`, String(one)])
      : [[key, String(value)] as [string, string]];
  });
  return pairs.length ? `?${new URLSearchParams(pairs)}` : '';
}
