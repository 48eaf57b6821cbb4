import { randomBytes } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import {
  allowInsecureRequests,
  authorizationCodeGrant,
  buildAuthorizationUrl,
  type Configuration,
  calculatePKCECodeChallenge,
  discovery,
  fetchUserInfo,
  randomNonce,
  randomPKCECodeVerifier,
  randomState,
} from 'openid-client';
import { z } from 'zod';
import { ApiError } from '#contract/wire/errors';
import { foldAddress } from '#contract/wire/fold';
import { administrators, areLast } from '../access/power.ts';
import { findRoles } from '../access/roles.ts';
import type { Actor, Context, Server } from '../context.ts';
import { lockStaff } from '../database/locks.ts';
import { transact } from '../database/open.ts';
import type { Db, Trx } from '../database/schema.ts';
import { recordActivity } from '../record/activity.ts';
import { recordChanges } from '../record/history.ts';
import { unbound } from '../tenancy.ts';
import { endedSince } from './ended.ts';
import { accept, findInvitationFor } from './invitations.ts';
import { begin } from './service.ts';
import { findAccount, insertStaff } from './store.ts';

// Sign-in through an OpenID Connect provider: authorization code flow with PKCE. Issuer and subject identify an
// account. An email address alone doesn't. A new account needs a verified address with an invitation, or a claim that
// names a role.

const started = z.object({ state: z.string(), nonce: z.string(), verifier: z.string(), at: z.number() });
const purpose = 'oidc';
const minutes = 10;
export const startPath = '/api/console/oidc/start';
export const callbackPath = '/api/console/oidc/callback';

/** The two routes of a sign-in through a provider: the start, and the callback. */
export function serveProvider(
  app: FastifyInstance,
  server: Server,
  contextOf: (request: FastifyRequest, reply: FastifyReply) => Context,
): void {
  const { oidc, publicUrl } = server.config;
  if (!oidc || !publicUrl) return;
  const callback = new URL(callbackPath, publicUrl);
  const secure = callback.protocol === 'https:';
  // No sibling of our host can plant one of this name.
  const cookie = secure ? '__Host-fieldbook-oidc' : 'fieldbook-oidc';
  let known: Promise<Configuration> | undefined;
  // If the provider isn't reachable, the next request tries again.
  const configuration = () => {
    known ??= discovery(new URL(oidc.issuer), oidc.clientId, oidc.clientSecret, undefined, {
      timeout: 5,
      ...(isLocal(oidc.issuer) && { execute: [allowInsecureRequests] }),
    }).catch((error: unknown) => {
      known = undefined;
      throw error;
    });
    return known;
  };
  app.get(startPath, async (request, reply) => {
    const provider = await configuration().catch((error: unknown) => {
      request.log.warn({ err: error }, 'the provider can’t be reached');
    });
    if (!provider) return reply.redirect('/?sign-in=failed');
    const sent = { state: randomState(), nonce: randomNonce(), verifier: randomPKCECodeVerifier(), at: Date.now() };
    const address = buildAuthorizationUrl(provider, {
      redirect_uri: callback.href,
      scope: 'openid email profile',
      state: sent.state,
      nonce: sent.nonce,
      code_challenge: await calculatePKCECodeChallenge(sent.verifier),
      code_challenge_method: 'S256',
    });
    // Lax, because the provider's redirect is a navigation from another site.
    reply.setCookie(cookie, server.secrets.seal(purpose, JSON.stringify(sent)), {
      path: '/',
      httpOnly: true,
      sameSite: 'lax',
      secure,
      maxAge: minutes * 60,
    });
    return reply.redirect(address.href);
  });
  app.get(callbackPath, async (request, reply) => {
    reply.clearCookie(cookie, { path: '/', secure });
    try {
      const sent = readStarted(server, request.cookies[cookie]);
      const current = new URL(request.url, callback);
      const tokens = await authorizationCodeGrant(await configuration(), current, {
        pkceCodeVerifier: sent.verifier,
        expectedState: sent.state,
        expectedNonce: sent.nonce,
        idTokenExpected: true,
      });
      const claims = await identityOf(await configuration(), tokens, oidc.roleClaim);
      const context = contextOf(request, reply);
      const id =
        (await unchangedAccount(server.database.read, claims, oidc.roleClaim)) ??
        (await transact(server.database, async (trx) => {
          await lockStaff(trx);
          return accountOf(context, trx, claims, oidc.roleClaim);
        }));
      const account = await findAccount(server.database.read, id);
      if (endedSince(account, sent.at)) throw new ApiError('providerRefused');
      await begin(context, account);
      return reply.redirect('/');
    } catch (error) {
      request.log.warn({ err: error }, 'a sign-in through the provider failed');
      return reply.redirect(error instanceof ApiError ? '/?sign-in=refused' : '/?sign-in=failed');
    }
  });
}

const identity = z.looseObject({
  iss: z.string(),
  sub: z.string().max(512),
  email: z.string().optional(),
  email_verified: z.boolean().optional(),
  name: z.string().optional(),
});
type Identity = z.output<typeof identity>;

/** The claims of the id token. Claims that it doesn't have come from the userinfo endpoint. */
async function identityOf(
  configuration: Configuration,
  tokens: Awaited<ReturnType<typeof authorizationCodeGrant>>,
  roleClaim: string | undefined,
): Promise<Identity> {
  const said = identity.parse(tokens.claims());
  const isWhole = said.email !== undefined && (roleClaim === undefined || said[roleClaim] !== undefined);
  if (isWhole || !configuration.serverMetadata().userinfo_endpoint) return said;
  return identity.parse({ ...(await fetchUserInfo(configuration, tokens.access_token, said.sub)), ...said });
}

function readStarted({ secrets }: Server, sealed: string | undefined): z.output<typeof started> {
  if (!sealed) throw new ApiError('providerRefused');
  const sent = started.parse(JSON.parse(secrets.open(purpose, sealed)));
  if (Date.now() - sent.at > minutes * 60_000) throw new ApiError('providerRefused');
  return sent;
}

/** The account of somebody whom the provider names and of whom nothing changes: most sign-ins, which wait for no writer. */
async function unchangedAccount(db: Db, claims: Identity, roleClaim: string | undefined): Promise<string | undefined> {
  const known = await findByIdentity(db, claims);
  if (!known || known.disabledAt !== null) return undefined;
  return roleClaim === undefined || (await roleOf(db, claims[roleClaim])) === known.role ? known.id : undefined;
}

const findByIdentity = (db: Db, { iss, sub }: Identity) =>
  db.selectFrom('staff').selectAll().where('issuer', '=', iss).where('subject', '=', sub).executeTakeFirst();

/** The account of whoever the provider names; made where they were invited, or their claim names a role. */
async function accountOf(context: Context, trx: Trx, claims: Identity, roleClaim: string | undefined): Promise<string> {
  const { iss: issuer, sub: subject } = claims;
  const role = roleClaim === undefined ? undefined : await roleOf(trx, claims[roleClaim]);
  const known = await findByIdentity(trx, claims);
  // Whoever has no role there any more has none here.
  const hasLost = roleClaim !== undefined && role === undefined;
  if (
    hasLost &&
    !(known && !known.disabledAt && (await isLastAdministrator({ db: trx, config: context.config }, known.id)))
  )
    throw new ApiError('providerRefused');
  if (known) {
    if (known.disabledAt !== null) throw new ApiError('providerRefused');
    if (hasLost) await recordKept(context, trx, known.name);
    if (role !== undefined && role !== known.role) await changeRole(context, trx, known, role);
    return known.id;
  }
  const email = claims.email_verified ? foldAddress(claims.email ?? '') || undefined : undefined;
  const invitation = email ? await findInvitationFor(trx, email) : undefined;
  const name = claims.name?.slice(0, 128) || invitation?.name || email || subject;
  const made = { name, password: '', issuer, subject };
  if (invitation) {
    const id = await accept(trx, invitation, { ...made, ...(role !== undefined && { role }) });
    await recordAccepted(context, trx, id, name);
    return id;
  }
  if (role === undefined) throw new ApiError('providerRefused');
  const id = randomBytes(12).toString('hex');
  // Without a verified address of their own they are named by what the provider calls them.
  const address = email ?? foldAddress(`${subject}@${new URL(issuer).hostname}`);
  const isNew = await insertStaff(trx, { ...made, id, email: address, role, createdAt: new Date().toISOString() });
  if (!isNew) throw new ApiError('providerRefused');
  await recordAccepted(context, trx, id, name);
  return id;
}

const recordAccepted = ({ actor }: Context, trx: Trx, id: string, name: string) =>
  recordActivity(trx, { ...actor, kind: 'staff', id, name, through: 'console' }, [{ event: 'accepted' }]);

/** Gives somebody the role that their claim names; there must still be an administrator afterwards. Staff is locked. */
async function changeRole(
  context: Context,
  trx: Trx,
  known: { id: string; name: string; role: string },
  role: string,
): Promise<void> {
  const { actor } = context;
  const set = (to: string) => trx.updateTable('staff').set({ role: to }).where('id', '=', known.id).execute();
  const provider: Actor = { ...actor, kind: 'system', name: 'OpenID Connect' };
  const all = { db: trx, config: context.config };
  const had = await administrators(all);
  await set(role);
  if (await areLast(trx, had, await administrators(all))) {
    await set(known.role);
    return recordKept(context, trx, known.name);
  }
  await recordChanges(trx, provider, [
    {
      kind: 'target',
      before: JSON.stringify({ name: known.name, role: known.role }),
      after: JSON.stringify({ name: known.name, role }),
    },
  ]);
}

/** Whether nobody else has all that this administrator has. Staff is locked. */
const isLastAdministrator = async (all: Pick<Context, 'db' | 'config'>, id: string): Promise<boolean> =>
  areLast(all.db, await administrators(all), await administrators(all, id));

/** Records that an administrator keeps a role that the claim takes away, because nobody else could restore it. */
const recordKept = ({ actor }: Context, trx: Trx, name: string): Promise<void> =>
  recordActivity(trx, { ...actor, kind: 'system', name: 'OpenID Connect' }, [
    { event: 'lastAdministratorKept', subject: name },
  ]);

/** The first of our roles, by id or name, that a claim names. The claim is a word or a list of words. */
async function roleOf(db: Db, claim: unknown): Promise<string | undefined> {
  const said = [claim].flat().filter((one): one is string => typeof one === 'string');
  // Many providers send an empty text for no role, and a built-in role has no name.
  const names = new Set(said.map((one) => one.trim().toLowerCase()).filter((one) => one !== ''));
  const roles = await findRoles({ db, ...unbound });
  return roles.find(({ id, name }) => names.has(id.toLowerCase()) || names.has(name.toLowerCase()))?.id;
}

/** Plain http only for a provider on this machine. */
const isLocal = (issuer: string) => ['127.0.0.1', 'localhost', '[::1]'].includes(new URL(issuer).hostname);
