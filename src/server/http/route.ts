import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { type EndpointName, endpoints } from '#contract/endpoints';
import { maxReason } from '#contract/history';
import type { Endpoint, Right } from '#contract/wire/endpoint';
import { ApiError, errors } from '#contract/wire/errors';
import { issuesOf, nameIssue } from '#contract/wire/issue';
import { storable } from '#contract/wire/scalars';
import { type Guesses, Uncounted } from '../access/guesses.ts';
import type { Actor, Context, Handlers, Server } from '../context.ts';
import { lockStaff } from '../database/locks.ts';
import { transact } from '../database/open.ts';
import { Refused } from '../issues.ts';
import { networkOf } from '../network.ts';
import { countGuess } from '../values/protected.ts';
import type { Body, Sender } from './body.ts';
import {
  drawnFor,
  type Identified,
  identify,
  isByCookie,
  nobody,
  refuseCrossSite,
  requireStillMay,
  viewing,
} from './callers.ts';
import { asApiError } from './failures.ts';
import { type Judged, judgeBody, judgeInput } from './input.ts';
import { requireHoldable } from './json.ts';
import { foldQuery } from './query.ts';
import { languageOf } from './words.ts';

/** Serves one row of the endpoint table: who calls, may they, is the input right; then the handler, in one transaction if it writes. */
export function route<N extends EndpointName>(
  app: FastifyInstance,
  server: Server,
  name: N,
  handler: Handlers[N],
): void {
  const endpoint: Endpoint = endpoints[name];
  // The table pairs each name with its own handler; TypeScript can't see that through a type parameter.
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
        const write = (counted: number) =>
          transact(server.database, async (trx) => {
            await caller.once?.inTransaction(trx);
            // Accounts, their roles, invitations and keys are changed by one at a time: what one looked at, another changes.
            if (endpoint.right.includes('staff')) await lockStaff(trx);
            // One that gave way to another begins again, and asks the same anew.
            const guesses: Guesses = { asked: 0, counted };
            const done = await handle(input, { ...base, guesses, db: trx });
            await requireStillMay(caller);
            return done;
          });
        const read = { ...base, db: server.database.read };
        result = await once(caller, () => countingGuesses(read, write)).catch((error) => refuse(error, read));
      } else {
        caller.once?.inProcess();
        result = await handle(input, { ...base, db: server.database.read });
      }
      return { statusCode: 200, message: '', data: endpoint.output.parse(result) };
    },
  });
}

/** Refuses; what a refusal gives of the state of now is read once the write is over, as that may take long. */
async function refuse(error: unknown, context: Context): Promise<never> {
  throw error instanceof Refused ? await error.settle(context) : error;
}

/** Does a signed write whose nonce is remembered whatever becomes of it; only whoever is told to try again later may. */
async function once<R>({ once }: Identified, write: () => Promise<R>): Promise<R> {
  await once?.before();
  try {
    return await write();
  } catch (error) {
    // Where the database is gone, it stays.
    if (errors[asApiError(error).name].statusCode >= 500) await once?.giveBack().catch(() => undefined);
    throw error;
  }
}

/** Does a write again with each question that it asked counted, outside of its transaction, which may roll back. */
async function countingGuesses<R>(context: Context, write: (counted: number) => Promise<R>): Promise<R> {
  for (let counted = 0; ; counted += 1) {
    try {
      return await write(counted);
    } catch (error) {
      if (!(error instanceof Uncounted)) throw error;
      await countGuess(context, error.fieldId);
    }
  }
}

/** What somebody who isn't signed in yet brings, outside the endpoint table. */
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

/** Who calls and what they say. Asked anew even of whoever was let in before their body came: that may be long ago. */
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
  // What is for oneself alone and sent by POST changes one's own account, in a transaction of its own.
  const isOfOneself = endpoint.right === 'person' && endpoint.method === 'POST';
  if (caller.isViewingAs && (endpoint.effect === 'write' || isOfOneself)) {
    throw new ApiError('forbidden', [{ path: [], name: 'viewingAs' }]);
  }
  // What is written without a tenant concerns the whole pool, and so no role of some tenants.
  if (caller.tenants && endpoint.effect === 'write' && endpoint.reach === 'pool') throw new ApiError('forbidden');
  return caller;
}

/** Why it is done, which history keeps. A signed call says nothing by a header that isn't signed. */
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

/** Headers hold ASCII alone, so the console encodes. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text).trim();
  } catch {
    return text;
  }
}

/** A GET is read from its query, a POST from its body alone. */
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
    drawnFor: drawnFor(request),
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
      device: (token: string) =>
        void reply.setCookie(deviceName(server), token, {
          path: '/',
          httpOnly: true,
          sameSite: 'strict',
          secure: isSecure(server),
          maxAge: 365 * 86_400,
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

/** The __Host- prefix binds the cookie to this host, where https allows it. */
const cookieName = (server: Server) => (isSecure(server) ? '__Host-fieldbook' : 'fieldbook');
