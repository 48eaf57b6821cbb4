import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import cookie from '@fastify/cookie';
import helmet from '@fastify/helmet';
import Fastify, { type FastifyError, type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { sql } from 'kysely';
import { type EndpointName, endpoints } from '#contract/endpoints';
import { type Endpoint, maxBody, usualBody } from '#contract/wire/endpoint';
import { ApiError, errors } from '#contract/wire/errors';
import { loadPatternEngine } from '#contract/wire/pattern';
import { activityHandlers } from './activity/handlers.ts';
import type { Handlers, Server } from './context.ts';
import { departmentHandlers } from './directory/departments.handlers.ts';
import { directoryHandlers } from './directory/handlers.ts';
import { userHandlers } from './directory/users.handlers.ts';
import { fieldHandlers } from './fields/handlers.ts';
import { historyHandlers } from './history/handlers.ts';
import { makeGate, readBody } from './http/body.ts';
import { limitConnections } from './http/connections.ts';
import { asApiError } from './http/failures.ts';
import { openapi } from './http/openapi.ts';
import { admitUnread, contextOfNobody, isSecure, requestLanguage, route } from './http/route.ts';
import { serveConsole } from './http/spa.ts';
import { wordError } from './http/words.ts';
import { listHandlers } from './lists/handlers.ts';
import { overviewHandlers } from './overview/handlers.ts';
import { planHandlers } from './plans/handlers.ts';
import { staffHandlers } from './staff/handlers.ts';
import { serveProvider } from './staff/oidc.ts';
import { valueHandlers } from './values/handlers.ts';

/** The handlers of the local pool and the console. The type requires a function for every endpoint of the table. */
const handlers: Handlers = {
  ...staffHandlers,
  ...fieldHandlers,
  ...planHandlers,
  ...valueHandlers,
  ...historyHandlers,
  ...activityHandlers,
  ...overviewHandlers,
  ...userHandlers,
  ...directoryHandlers,
  ...departmentHandlers,
  ...listHandlers,
};

/** The proxies whose client address counts: a number of proxies in a row, or these addresses. */
const trusted = (proxies: number | string[]) =>
  typeof proxies === 'number' ? (_address: string, hop: number) => hop < proxies : proxies;

/** The HTTP application. `consoleFolder` is the built console; without it the application serves only the API. */
export async function makeApp(server: Server, consoleFolder?: string): Promise<FastifyInstance> {
  await loadPatternEngine();
  const app = Fastify({
    logger:
      server.config.logLevel === 'silent'
        ? false
        : { level: server.config.logLevel, serializers: { req: logRequest, err: logError } },
    // A client may call a host with a path prefix. The SDKs don't sign the prefix, so it is removed here.
    rewriteUrl: ({ url = '/' }) => url.replace(/^[^?]*?(?=\/api\/v3\/)/, ''),
    genReqId: () => randomUUID(),
    trustProxy: trusted(server.config.trustProxy),
    // An address that can't be decoded comes to no route.
    frameworkErrors: (error, request, reply) => refuse(error, request, reply),
    requestTimeout: 60_000,
    // For whoever doesn't read the answer. A long plan is answered after minutes.
    connectionTimeout: 600_000,
    forceCloseConnections: 'idle',
    routerOptions: { maxParamLength: 256 },
  });
  limitConnections(app);
  await app.register(cookie);
  await app.register(helmet, {
    contentSecurityPolicy: false,
    hsts: isSecure(server) ? { maxAge: 31_536_000 } : false,
    crossOriginEmbedderPolicy: false,
    referrerPolicy: { policy: 'same-origin' },
    xFrameOptions: { action: 'deny' },
  });

  // The body stays text: signatures cover the text, and number parsing must not lose digits.
  app.removeAllContentTypeParsers();
  const gate = makeGate();
  app.addContentTypeParser('application/json', (request: FastifyRequest, message: IncomingMessage) => {
    const { endpoint } = request.routeOptions.config as { endpoint?: Endpoint };
    const limit = endpoint ? maxBody(endpoint) : 0;
    return readBody(message, { limit, gate, admit: () => admitUnread(server, request) });
  });

  let closing = false;
  app.addHook('preClose', async () => {
    closing = true;
  });
  app.addHook('onSend', async (request, reply) => {
    reply.header('x-request-id', request.id);
    // A keep-alive connection would also keep the ending process alive.
    if (closing) reply.header('connection', 'close');
    // The console's files say how long they may be kept; whatever else is answered may be private.
    if (!reply.hasHeader('cache-control')) reply.header('cache-control', 'no-store');
  });

  app.setErrorHandler(refuse);

  app.get('/health', async (_request, reply) => {
    const alive = await Promise.race([
      sql`select 1`.execute(server.database.read).then(
        () => true,
        () => false,
      ),
      new Promise<boolean>((resolve) => setTimeout(resolve, 2_000, false).unref()),
    ]);
    return reply
      .code(alive ? 200 : 503)
      .send({ status: alive ? 'ok' : 'unavailable', database: server.database.engine });
  });
  let document: Buffer | undefined;
  app.get('/openapi.json', async (_request, reply) => {
    document ??= Buffer.from(JSON.stringify(openapi()));
    return reply.type('application/json; charset=utf-8').send(document);
  });
  for (const name of Object.keys(endpoints) as EndpointName[]) route(app, server, name, handlers[name] as never);

  serveProvider(app, server, (request, reply) => contextOfNobody(server, request, reply));

  if (consoleFolder) await serveConsole(app, consoleFolder);
  app.setNotFoundHandler(() => {
    throw new ApiError('notFound');
  });
  return app;
}

/** Only these properties: other properties of a driver's error can quote rows. */
function logError({ name, message, stack, code }: FastifyError) {
  return { type: name, message, stack: stack ?? '', code };
}

/** The path without its query, because the query can hold values and names. */
function logRequest(request: { method: string; url: string }) {
  return { method: request.method, path: request.url.split('?')[0] };
}

/** Answers with what went wrong, in the caller's language. */
function refuse(thrown: FastifyError | ApiError, request: FastifyRequest, reply: FastifyReply): void {
  const error = asApiError(thrown);
  if (error.name === 'internal' || (error.name === 'unavailable' && error !== thrown))
    request.log.error({ err: thrown }, 'unexpected error');
  const { statusCode } = errors[error.name];
  const { current, retryAfter } = error.details;
  if (retryAfter) reply.header('retry-after', retryAfter);
  // Closed while the body still comes, a connection would lose the answer: what isn't much is let come, and thrown away.
  if (Number(request.headers['content-length']) <= usualBody) reply.removeHeader('connection');
  // The SDKs expect HTTP 200 even for failures; only a rate limit says 429 (GenAuth's error conventions).
  reply.code(request.url.startsWith('/api/v3/') && statusCode !== 429 ? 200 : statusCode).send({
    ...errors[error.name],
    ...wordError(error, requestLanguage(request)),
    requestId: request.id,
    error: error.name,
    ...(current !== undefined && { current }),
  });
}
