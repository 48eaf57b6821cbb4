import { type EndpointName, endpoints, type Output, type Sent } from '#contract/endpoints';
import type { Endpoint } from '#contract/wire/endpoint';
import { ApiError, type ErrorName, errors } from '#contract/wire/errors';
import type { Issue } from '#contract/wire/issue';
import { tenantId } from './tenant.ts';
import { viewing } from './viewing.ts';

interface Envelope {
  statusCode: number;
  message: string;
  data?: unknown;
  error?: string;
  issues?: Issue[];
  current?: unknown;
  requestId?: string;
}

/** Calls a row of the endpoint table. Throws the ApiError that the server named. */
export async function call<N extends EndpointName>(
  name: N,
  input: Sent<N>,
  headers: Record<string, string> = {},
): Promise<Output<N>> {
  return (await callTagged(name, input, headers)).data;
}

/** As `call`, with the ETag that names the state of what was read. */
export async function callTagged<N extends EndpointName>(
  name: N,
  input: Sent<N>,
  headers: Record<string, string> = {},
): Promise<{ data: Output<N>; etag: string | null }> {
  const endpoint: Endpoint = endpoints[name];
  const { envelope, etag } = await send(endpoint, input, headers);
  if (envelope.statusCode !== 200) throw errorOf(envelope);
  return { data: endpoint.output.parse(envelope.data) as Output<N>, etag };
}

async function send(
  { method, path }: Endpoint,
  input: unknown,
  headers: Record<string, string>,
): Promise<{ envelope: Envelope; etag: string | null }> {
  const language = document.documentElement.lang;
  try {
    const response = await fetch(method === 'GET' ? path + queryOf(input) : path, {
      method,
      headers: {
        'x-authing-lang': language,
        ...(tenantId && { 'x-authing-tenant-id': tenantId }),
        ...(viewing && { 'x-fieldbook-view-as': viewing.role }),
        ...(method === 'POST' && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(method === 'POST' && { body: JSON.stringify(input) }),
    });
    return { envelope: await response.json(), etag: response.headers.get('etag') };
  } catch {
    // No answer, or none of ours: a proxy's page, a cut connection.
    throw new ApiError('unavailable');
  }
}

function errorOf({ error, issues, current, requestId, message }: Envelope): ApiError {
  const name: ErrorName = error && error in errors ? (error as ErrorName) : 'internal';
  return new ApiError(name, issues, { current, message, ...(requestId && { requestId }) });
}

function queryOf(input: unknown): string {
  const pairs = Object.entries(input as Record<string, unknown>).flatMap(([key, value]) => {
    if (value === undefined || value === null) return [];
    return Array.isArray(value)
      ? value.map((one): [string, string] => [`${key}[]`, String(one)])
      : [[key, String(value)] as [string, string]];
  });
  return pairs.length ? `?${new URLSearchParams(pairs)}` : '';
}
