import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { type EndpointName, endpoints } from '#contract/endpoints';
import { maxReason } from '#contract/history';
import type { Endpoint, Right } from '#contract/wire/endpoint';
import { ApiError, errors } from '#contract/wire/errors';
import { issuesOf, nameIssue } from '#contract/wire/issue';
import { storable } from '#contract/wire/scalars';
import type { Guesses } from '../access/guesses.ts';
import type { Actor, Context, Handlers, Server } from '../context.ts';
import { lockStaff } from '../database/locks.ts';
import { transact } from '../database/open.ts';
import { Refused } from '../issues.ts';
import { networkOf } from '../network.ts';
import { countingGuesses } from '../values/counting.ts';
import type { Body, Sender } from './body.ts';
import { type Identified, identify, isByCookie, nobody, requireStillMay } from './callers.ts';
import { asApiError } from './failures.ts';
import { refuseCrossSite, tabAccount, viewing } from './headers.ts';
import { type Judged, judgeBody, judgeInput } from './input.ts';
import { requireHoldable } from './json.ts';
import { foldQuery } from './query.ts';
import { languageOf } from './words.ts';

/**
 * Serves one endpoint of the table: identifies the caller, checks permissions, validates the input and runs the
 * handler. A write runs in one transaction.
 */
export function route<N extends EndpointName>(
  app: FastifyInstance,
  server: Server,
  name: N,
  handler: Handlers[N],
): void {
  const endpoint: Endpoint = endpoints[name];
  // The table pairs each name with its handler. TypeScript can't follow that through a type parameter.
  const handle = handler as (input: unknown, context: Context) => Promise<unknown>;
  app.route({
    method: endpoint.method,
    url: endpoint.path,
    config: { endpoint },
    async handler(request, reply) {
      const body = (request.body as Body | undefined) ?? '';
      const cookie = request.cookies[cookieName(server)];
      const { caller, input } = await open(server, request, { name, cookie, body });
      const actor = withReason(caller, request);
      const base = { ...server, ...caller, actor, ...facts(server, request, reply, cookie) };
      let result: unknown;
      if (endpoint.effect === 'write') {
        const write = (guesses: Guesses) =>
          transact(server.database, async (trx) => {
            await caller.once?.inTransaction(trx);
            // Accounts, their roles, invitations and keys are changed by one at a time: what one looked at, another changes.
            if (endpoint.right.includes('staff')) await lockStaff(trx);
            // One that gave way to another begins again, and asks the same anew.
            Object.assign(guesses, { asked: 0, names: 0 });
            const done = await handle(input, { ...base, guesses, db: trx });
            await requireStillMay(caller);
            return done;
          });
        const read = { ...base, db: server.database.read };
        result = await once(caller, () => countingGuesses(read, write)).catch((error) => refuse(error, read));
      } else {
        caller.once?.inProcess();
        result = await handle(input, { ...base, db: server.database[endpoint.effort ?? 'read'] });
      }
      return { statusCode: 200, message: '', data: endpoint.output.parse(result) };
    },
  });
}

/** Throws the error. A `Refused` error reads the current state after the write, because that can take long. */
async function refuse(error: unknown, context: Context): Promise<never> {
  throw error instanceof Refused ? await error.settle(context) : error;
}

/** Runs a signed write. Its nonce stays used even if it fails, unless the error says to try again. */
async function once<R>({ once }: Identified, write: () => Promise<R>): Promise<R> {
  await once?.before();
  try {
    return await write();
  } catch (error) {
    // If the database isn't reachable, the nonce stays used.
    if (errors[asApiError(error).name].statusCode >= 500) await once?.giveBack().catch(() => undefined);
    throw error;
  }
}

/** The context of a request without a signed-in caller, outside the endpoint table. */
export function contextOfNobody(server: Server, request: FastifyRequest, reply: FastifyReply): Context {
  const cookie = request.cookies[cookieName(server)];
  return { ...server, ...nobody(server), ...facts(server, request, reply, cookie), db: server.database.read };
}

/** Before a large body is read: refuses who may not call, and says who sends it. */
export async function admitUnread(server: Server, request: FastifyRequest): Promise<Sender> {
  const { endpoint } = request.routeOptions.config as { endpoint?: Endpoint };
  if (!endpoint) throw new ApiError('notFound');
  const cookie = request.cookies[cookieName(server)];
  const { actor, sender } = await admit(server, request, { endpoint, cookie, body: undefined });
  return sender ?? { name: `${actor.kind} ${actor.id}`, isProven: true };
}

/** Identifies the caller and reads the input. It checks the caller again: the body may arrive much later. */
async function open(
  server: Server,
  request: FastifyRequest,
  { name, cookie, body }: { name: EndpointName; cookie: string | undefined; body: Body },
) {
  try {
    const caller = await admit(server, request, { endpoint: endpoints[name], cookie, body });
    return { caller, input: await read(request, name, body) };
  } finally {
    if (typeof body !== 'string') body.drop();
  }
}

async function admit(
  server: Server,
  request: FastifyRequest,
  asked: { endpoint: Endpoint; cookie: string | undefined; body: Body | undefined },
): Promise<Identified> {
  const { endpoint, cookie } = asked;
  const byCookie = isByCookie(request);
  if (byCookie && (cookie || endpoint.path.startsWith('/api/console/')) && endpoint.right !== 'public') {
    refuseCrossSite(server, request);
  }
  if (endpoint.right === 'public') {
    if (request.headers.origin) refuseCrossSite(server, request);
    return nobody(server);
  }
  const caller = await identify(server, request, asked);
  if (caller.sender) return caller;
  const has = (right: Right) => caller.rights.includes(right);
  const isIn = endpoint.right === 'person' ? caller.actor.kind === 'staff' : endpoint.right.some(has);
  if (!isIn || (endpoint.also && !has(endpoint.also))) throw new ApiError('forbidden');
  // A POST with `person` changes the caller's own account, in its own transaction.
  const isOfOneself = endpoint.right === 'person' && endpoint.method === 'POST';
  if (caller.isViewingAs && (endpoint.effect === 'write' || isOfOneself)) {
    throw new ApiError('forbidden', [{ path: [], name: 'viewingAs' }]);
  }
  // This write has no tenant and concerns the whole pool, so a role that is limited to tenants can't make it.
  if (caller.tenants && endpoint.effect === 'write' && endpoint.reach === 'pool') throw new ApiError('forbidden');
  return caller;
}

/** Adds the reason for the change history. A signed call can't send one: its signature doesn't cover the header. */
function withReason({ actor, once }: Identified, request: FastifyRequest): Actor {
  const sent = request.headers['x-fieldbook-reason']?.toString();
  if (!sent || once) return actor;
  const parsed = reason.safeParse(decode(sent), { error: nameIssue });
  if (!parsed.success) {
    throw new ApiError(
      'validation',
      issuesOf(parsed.error).map((issue) => ({ ...issue, path: ['reason'] })),
    );
  }
  return parsed.data ? { ...actor, reason: parsed.data } : actor;
}

const reason = storable.max(maxReason);

/** Headers hold only ASCII, so the console encodes the reason. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text).trim();
  } catch {
    return text;
  }
}

/** Reads a GET from its query only, and a POST from its body only. */
async function read(request: FastifyRequest, name: EndpointName, body: Body): Promise<unknown> {
  const judged = await judge(request, name, body);
  if ('data' in judged) return judged.data;
  const unsupported = judged.issues.some(({ name }) => name === 'unsupported' || name === 'passwordUnsupported');
  throw new ApiError(unsupported ? 'unsupported' : 'validation', judged.issues);
}

function judge(request: FastifyRequest, name: EndpointName, body: Body): Judged | Promise<Judged> {
  if (endpoints[name].method === 'GET') {
    const query = foldQuery(request.query);
    requireHoldable(query);
    return judgeInput(name, query);
  }
  return typeof body === 'string' ? judgeBody(name, body) : body.parse(name);
}

function facts(server: Server, request: FastifyRequest, reply: FastifyReply, sessionToken: string | undefined) {
  return {
    language: requestLanguage(request),
    network: networkOf(request.ip),
    viewing: viewing(request),
    tabAccount: tabAccount(request),
    header: (name: 'if-match' | 'x-fieldbook-draft') => request.headers[name]?.toString(),
    sessionToken,
    agent: request.headers['user-agent']?.slice(0, 200) ?? '',
    deviceToken: request.cookies[deviceName(server)],
    answer: {
      header: (name: string, value: string) => void reply.header(name, value),
      session: (token: string | undefined) =>
        void reply.setCookie(cookieName(server), token ?? '', {
          path: '/',
          httpOnly: true,
          sameSite: 'strict',
          secure: isSecure(server),
          ...(!token && { maxAge: 0 }),
        }),
      device: (token: string, maxAge: number) =>
        void reply.setCookie(deviceName(server), token, {
          path: '/',
          httpOnly: true,
          sameSite: 'strict',
          secure: isSecure(server),
          maxAge,
        }),
    },
  };
}

export function requestLanguage(request: FastifyRequest) {
  const text = (name: string) => request.headers[name]?.toString();
  return languageOf(text('x-authing-lang'), text('x-genauth-lang'), text('accept-language'));
}

export const isSecure = ({ config }: Server) => config.publicUrl?.startsWith('https:') ?? false;

const deviceName = (server: Server) => (isSecure(server) ? '__Host-fieldbook-device' : 'fieldbook-device');

/** The `__Host-` prefix binds the cookie to this host. It needs https. */
const cookieName = (server: Server) => (isSecure(server) ? '__Host-fieldbook' : 'fieldbook');
