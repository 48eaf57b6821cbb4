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
import { findAccessKey, findSession, giveNonceBack, insertNonce, noteSeen, useNonce } from '../staff/store.ts';
import { isOfSecret, secretsOf, verifyToken } from '../staff/tokens.ts';
import type { Body, Sender } from './body.ts';
import { tabAccount, textOf, viewing } from './headers.ts';
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
 * Refuses a write whose caller lost permission while the write waited or ran. The write calls it as its last step, and
 * it reads committed rows. So only a change that commits at the same moment as the write comes too late.
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
const signedBy = /^(authing|genauth)\s+(\S.*):([^:]+)$/i;
const tokenOf = /^(?:Bearer\s+)?([\w-]+\.[\w-]+\.[\w-]+)$/i;
/** Longer than any key's name and signature, or token of ours; what is longer says nothing. */
const longestAuthorization = 2_048;
function authorizationOf({ headers }: FastifyRequest): string {
  const sent = headers.authorization?.trim() ?? '';
  return sent.length > longestAuthorization ? '' : sent;
}

/** Whether only a cookie authenticates the request. A browser sends cookies by itself. */
export const isByCookie = (request: FastifyRequest): boolean =>
  !signedBy.test(authorizationOf(request)) && !tokenOf.test(authorizationOf(request));

/**
 * Identifies the caller: a signed request, a management token or a console session. Throws `unauthenticated`. Before
 * the body is read (`body` is undefined), a signed request only claims its key.
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
  const secret = await secretBehind(request, signed, body, secretsOf(server, key));
  if (secret === undefined) throw new ApiError('badSignature');
  noteProven(keyId, network);
  noteUse(server.database.brief, key);

  const sent = header('signature-nonce') ?? signature;
  // No index holds a longer nonce.
  const nonce = sent.length > 128 ? createHash('sha256').update(sent).digest('base64url') : sent;
  const { brief } = server.database;
  const own = { keyId, nonce, expiresAt: at + window };
  return {
    ...caller,
    powerNow: powerNowOf(server, keyId, (still) => secretsOf(server, still).includes(secret)),
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

/** The one of the secrets that signed the request. */
async function secretBehind(
  request: FastifyRequest,
  { endpoint, family, signature }: Signed,
  body: Body,
  secrets: string[],
): Promise<string | undefined> {
  const signedRequest = {
    method: request.method,
    path: request.url.split('?')[0] ?? '',
    headers: request.headers,
    query: foldQuery(request.query),
    optional: optionalKeys(endpoint),
  };
  for (const secret of secrets) {
    const isBehind =
      typeof body === 'string'
        ? isSigned({ ...signedRequest, body }, family, secret, signature)
        : await body.isSigned({ request: signedRequest, family, secret, signature });
    if (isBehind) return secret;
  }
  return undefined;
}

async function byToken(server: Server, request: FastifyRequest, token: string): Promise<Identified> {
  const db = server.database.read;
  const verified = await verifyToken(server, token);
  const claims = verified?.claims;
  const key = await findAccessKey(db, String(claims?.access_key_id ?? ''));
  if (!verified || !claims || !key) throw new ApiError('unauthenticated');
  const counts = (one: AccessKeyRow) => isOfSecret(server, one, { signing: verified.signing, said: claims.secret_id });
  if (!counts(key)) throw new ApiError('unauthenticated');
  noteUse(server.database.brief, key);
  const said = textOf(request.headers['x-authing-userpool-id']) || textOf(request.headers['x-genauth-userpool-id']);
  // The PHP SDK sends the access key as the pool's id.
  if (said && said !== claims.scoped_userpool_id && said !== key.id) throw new ApiError('unauthenticated');
  const header = (name: string) =>
    textOf(request.headers[`x-authing-${name}`]) || textOf(request.headers[`x-genauth-${name}`]);
  return {
    ...(await callerOf(server, key, request)),
    tenantId: header('app-tenant-id') || header('tenant-id') || header('app-id') || '',
    powerNow: powerNowOf(server, key.id, counts),
  };
}

/** What a key has by now, if what its caller proved themselves with still counts: its secret may have been taken away. */
const powerNowOf =
  ({ database: { read } }: Server, keyId: string, counts: (still: AccessKeyRow) => boolean) =>
  async () => {
    const still = await findAccessKey(read, keyId);
    return still && counts(still) ? powerOfKey(read, still) : undefined;
  };

async function bySession(server: Server, request: FastifyRequest, cookie: string): Promise<Identified> {
  const db = server.database.read;
  const found = await findSession(db, cookie, new Date().toISOString());
  const own = found && (await findRole(db, found.role));
  if (!found || !own) throw new ApiError('unauthenticated');
  // What somebody typed before another account signed in isn't the other's to send.
  if ((tabAccount(request) ?? found.id) !== found.id) throw new ApiError('unauthenticated');
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
): Promise<Omit<Identified, 'tenantId' | 'powerNow'>> {
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
  };
}

/** `tenantId` comes first, because clients really send `{ tenantId: null }`. */
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
