import { createHash } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import type { Endpoint } from '#contract/wire/endpoint';
import { ApiError } from '#contract/wire/errors';
import { powerOfKey, powerOfRole } from '../access/power.ts';
import { findRole, viewedRole } from '../access/roles.ts';
import type { Power } from '../access/seen.ts';
import type { Caller, Server } from '../context.ts';
import type { AccessKeyRow, Trx } from '../database/schema.ts';
import { networkOf } from '../network.ts';
import { signer } from '../secrets.ts';
import { noteUse } from '../staff/keys.ts';
import {
  findAccessKey,
  findSession,
  giveNonceBack,
  insertNonce,
  noteSeen,
  sealedSecretsOf,
  useNonce,
} from '../staff/store.ts';
import { isOfSecret, verifyToken } from '../staff/tokens.ts';
import type { Body, Sender } from './body.ts';
import { foldQuery } from './query.ts';
import { noteProven, refuseReplay, senderOf } from './remembered.ts';
import { type Family, isSigned } from './signature.ts';

const window = 15 * 60_000;

/** A caller, and what remembers its nonce: the database before and in a write, this process for a read. */
export interface Identified extends Caller {
  /** Set before the body is read, for a signature that can't be checked yet: who sends, if it is really them. */
  sender?: Sender;
  /** What they have by now, as is committed; undefined if they are let in no longer. */
  powerNow?(): Promise<(Power & { ownRole?: string | null }) | undefined>;
  once?: {
    before(): Promise<void>;
    inTransaction(trx: Trx): Promise<void>;
    giveBack(): Promise<void>;
    inProcess(): void;
  };
}

export const nobody = (server: Server): Identified => ({
  actor: { kind: 'system', id: '', name: '', through: 'api', sign: signer(server.secrets) },
  rights: [],
  role: null,
  asker: '',
  tenants: null,
  tenantId: '',
});

/**
 * Refuses a write whose caller lost what they were let in with while it waited or worked: asked as its last step, of what
 * is committed, so that only what commits in the same moment as the write is too late.
 */
export async function requireStillMay({ powerNow, role, ownRole, rights, tenants }: Identified): Promise<void> {
  if (!powerNow) return;
  const still = await powerNow();
  if (!still) throw new ApiError('unauthenticated');
  const isWithin = !still.tenants || tenants?.every((id) => still.tenants?.includes(id));
  const hasAll = rights.every((right) => still.rights.includes(right));
  const isOwn = still.ownRole === undefined || still.ownRole === (ownRole ?? null);
  if (still.role !== role || !isOwn || !isWithin || !hasAll) throw new ApiError('forbidden');
}

/** How somebody says who they are. A header of another kind (a proxy's own) says nothing. */
const signedBy = /^(authing|genauth)\s+(.+):([^:]+)$/i;
const tokenOf = /^(?:Bearer\s+)?([\w-]+\.[\w-]+\.[\w-]+)$/i;
const authorizationOf = (request: FastifyRequest) => request.headers.authorization?.trim() ?? '';

/** Whether nothing but a cookie says who calls: what a browser sends by itself. */
export const isByCookie = (request: FastifyRequest): boolean =>
  !signedBy.test(authorizationOf(request)) && !tokenOf.test(authorizationOf(request));

/**
 * Finds out who calls: a signed request, a management token, or a console session. Throws unauthenticated. Before the
 * body is read (`body` is undefined), a signature says only whose it claims to be.
 */
export async function identify(
  server: Server,
  request: FastifyRequest,
  { endpoint, body, cookie }: { endpoint: Endpoint; body: Body | undefined; cookie: string | undefined },
): Promise<Identified> {
  const authorization = authorizationOf(request);
  const signed = signedBy.exec(authorization);
  if (signed) {
    const [, scheme = '', keyId = '', signature = ''] = signed;
    const said = { family: scheme.toLowerCase() as Family, keyId: keyId.trim(), signature: signature.trim() };
    return bySignature(server, request, { endpoint, body, ...said });
  }
  const token = tokenOf.exec(authorization)?.[1];
  if (token) return byToken(server, request, token);
  if (cookie) return bySession(server, request, cookie);
  throw new ApiError('unauthenticated');
}

interface Signed {
  endpoint: Endpoint;
  body: Body | undefined;
  family: Family;
  keyId: string;
  signature: string;
}

async function bySignature(server: Server, request: FastifyRequest, signed: Signed): Promise<Identified> {
  const { body, family, keyId, signature } = signed;
  const header = (name: string) => textOf(request.headers[`x-${family}-${name}`]);
  const method = header('signature-method');
  if (method && method.toUpperCase() !== 'HMAC-SHA1') throw new ApiError('signatureMethod');
  const version = header('signature-version');
  if (version && version !== '1.0') throw new ApiError('signatureVersion');
  const at = dateOf(request.headers.date ?? header('date'));
  const now = Date.now();
  if (Math.abs(at - now) > window) throw new ApiError('dateSkewed');

  const key = await findAccessKey(server.database.read, keyId);
  if (!key) throw new ApiError('badSignature');
  const caller = {
    ...(await callerOf(server, key, request)),
    tenantId: header('app-tenant-id') || header('tenant-id') || header('app-id') || '',
  };
  const network = networkOf(request.ip);
  if (body === undefined) return { ...caller, sender: senderOf(keyId, network) };
  const secrets = sealedSecretsOf(key).map((sealed) => server.secrets.open('access-key', sealed));
  if (!(await holds(request, signed, body, secrets))) throw new ApiError('badSignature');
  noteProven(keyId, network);
  noteUse(server.database.brief, key);

  const sent = header('signature-nonce') ?? signature;
  // A longer one fits into no index.
  const nonce = sent.length > 128 ? createHash('sha256').update(sent).digest('base64url') : sent;
  const { brief } = server.database;
  const own = { keyId, nonce, expiresAt: at + window };
  return {
    ...caller,
    once: {
      async before() {
        if (!(await insertNonce(brief, own))) throw new ApiError('nonceReused');
      },
      inTransaction: (trx) => useNonce(trx, own),
      giveBack: () => giveNonceBack(brief, own),
      inProcess: () => refuseReplay(`${keyId} ${nonce}`, at + window),
    },
  };
}

/** Whether one of the secrets signed the request. */
async function holds(
  request: FastifyRequest,
  { endpoint, family, signature }: Signed,
  body: Body,
  secrets: string[],
): Promise<boolean> {
  const signedRequest = {
    method: request.method,
    path: request.url.split('?')[0] ?? '',
    headers: request.headers,
    query: foldQuery(request.query),
    optional: optionalKeys(endpoint),
  };
  if (typeof body !== 'string') return body.isSigned({ request: signedRequest, family, secrets, signature });
  return secrets.some((secret) => isSigned({ ...signedRequest, body }, family, secret, signature));
}

async function byToken(server: Server, request: FastifyRequest, token: string): Promise<Identified> {
  const db = server.database.read;
  const verified = await verifyToken(server, token);
  const claims = verified?.claims;
  const key = await findAccessKey(db, String(claims?.access_key_id ?? ''));
  if (!verified || !claims || !key || !isOfSecret(server, key, { signing: verified.signing, said: claims.secret_id }))
    throw new ApiError('unauthenticated');
  noteUse(server.database.brief, key);
  const said = textOf(request.headers['x-authing-userpool-id']) || textOf(request.headers['x-genauth-userpool-id']);
  // PHP names the pool by the access key.
  if (said && said !== claims.scoped_userpool_id && said !== key.id) throw new ApiError('unauthenticated');
  const header = (name: string) =>
    textOf(request.headers[`x-authing-${name}`]) || textOf(request.headers[`x-genauth-${name}`]);
  return {
    ...(await callerOf(server, key, request)),
    tenantId: header('app-tenant-id') || header('tenant-id') || header('app-id') || '',
  };
}

async function bySession(server: Server, request: FastifyRequest, cookie: string): Promise<Identified> {
  const db = server.database.read;
  const found = await findSession(db, cookie, new Date().toISOString());
  const own = found && (await findRole(db, found.role));
  if (!found || !own) throw new ApiError('unauthenticated');
  // What somebody typed before another account signed in isn't the other's to send.
  if ((drawnFor(request) ?? found.id) !== found.id) throw new ApiError('unauthenticated');
  noteSeen(server.database.brief, found);
  const wanted = viewing(request);
  const role = wanted === undefined ? own : await viewedRole(db, own, wanted);
  return {
    actor: {
      kind: 'staff',
      id: found.id,
      name: found.name,
      through: 'console',
      requestId: request.id,
      needsReason: server.config.requireReason,
      sign: signer(server.secrets),
    },
    rights: role.rights,
    role: role.id,
    ownRole: own.id,
    asker: askerOf(found.id),
    tenants: role.tenants,
    isViewingAs: role !== own,
    tenantId: textOf(request.headers['x-authing-tenant-id']) ?? '',
    async powerNow() {
      const still = await findSession(db, cookie, new Date().toISOString());
      const now = still && (await findRole(db, still.role));
      return now && powerOfRole(now);
    },
  };
}

const askerOf = (staffId: string) => `staff ${staffId}`;

async function callerOf(
  { database: { read }, secrets }: Server,
  key: AccessKeyRow,
  request: FastifyRequest,
): Promise<Omit<Identified, 'tenantId'>> {
  const power = await powerOfKey(read, key);
  if (!power) throw new ApiError('unauthenticated');
  return {
    actor: {
      kind: 'key',
      id: key.id,
      name: key.name,
      through: 'api',
      requestId: request.id,
      sign: signer(secrets),
    },
    role: power.role,
    ...(power.ownRole !== null && { ownRole: power.ownRole }),
    asker: key.makerId === null ? `key ${key.id}` : askerOf(key.makerId),
    tenants: power.tenants,
    clear: power.clear.encrypted,
    rights: power.rights,
    async powerNow() {
      const still = await findAccessKey(read, key.id);
      return still && powerOfKey(read, still);
    },
  };
}

/** Refuses a request that a browser sent with our cookie from another site. Every POST of a browser carries one of the two headers. */
export function refuseCrossSite(server: Server, request: FastifyRequest): void {
  const site = textOf(request.headers['sec-fetch-site']);
  const origin = textOf(request.headers.origin);
  const own = server.config.publicUrl ? new URL(server.config.publicUrl).host : request.host;
  const sameOrigin = origin
    ? hostOf(origin) === own
    : site === 'same-origin' || (request.method === 'GET' && site !== 'cross-site');
  if (!sameOrigin || (site && site !== 'same-origin' && site !== 'none')) throw new ApiError('crossSite');
}

function hostOf(origin: string): string | undefined {
  return URL.canParse(origin) ? new URL(origin).host : undefined;
}

/** tenantId first: `{ tenantId: null }` is what callers really send. */
function optionalKeys(endpoint: Endpoint): string[] {
  const shape =
    'shape' in endpoint.input
      ? (endpoint.input.shape as Record<string, { safeParse(value: unknown): { success: boolean } }>)
      : {};
  const keys = Object.keys(shape).filter((key) => shape[key]?.safeParse(undefined).success);
  return keys.sort((a, b) => Number(b === 'tenantId') - Number(a === 'tenantId'));
}

function dateOf(sent: string | undefined): number {
  if (!sent) throw new ApiError('dateMissing');
  const at = /^\d{11,14}$/.test(sent) ? Number(sent) : Date.parse(sent);
  if (Number.isNaN(at)) throw new ApiError('dateMalformed');
  return at;
}

function textOf(header: string | string[] | undefined): string | undefined {
  return (Array.isArray(header) ? header[0] : header)?.trim() || undefined;
}

/** The account that a tab of the console was drawn for. */
export const drawnFor = (request: FastifyRequest): string | undefined => textOf(request.headers['x-fieldbook-account']);

/** The role as which somebody looks at the console. */
export const viewing = (request: FastifyRequest): string | undefined => textOf(request.headers['x-fieldbook-view-as']);
