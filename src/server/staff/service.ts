import { randomBytes } from 'node:crypto';
import type { Input } from '#contract/endpoints';
import type { ActivityEvent } from '#contract/history';
import { keyScopes } from '#contract/key';
import type { Session } from '#contract/staff';
import type { Right } from '#contract/wire/endpoint';
import { ApiError } from '#contract/wire/errors';
import { foldAddress } from '#contract/wire/fold';
import { findRole, viewedRole } from '../access/roles.ts';
import type { Actor, Context, Server } from '../context.ts';
import { briefly } from '../database/open.ts';
import type { Trx } from '../database/schema.ts';
import { forgetAttempts, giveBack, take, takeAll } from '../limits.ts';
import { siteOf } from '../network.ts';
import { recordActivity } from '../record/activity.ts';
import type { Secrets } from '../secrets.ts';
import { deleteDrafts } from '../stores/drafts.ts';
import { addKey } from './keys.ts';
import { checkPassword, hashPassword } from './passwords.ts';
import { requireStill } from './prove.ts';
import { deleteSession, findAccount, findSession, findStaffByEmail, insertSession, insertStaff } from './store.ts';
import { takeCode } from './totp.ts';

const sessionHours = 12;

// Failures only, in fifteen minutes: five for an account from one network, fifty from one network, two hundred from the
// networks of one site, and a hundred for an account from anywhere. A browser that somebody signed in with before is counted by itself: nobody locks
// others out. All such browsers of an account have thirty.
const quarter = 15 * 60;
const byAccount = { name: 'account', points: 5, seconds: quarter };
const byNetwork = { name: 'network', points: 50, seconds: quarter };
const bySite = { name: 'site', points: 200, seconds: quarter };
const byName = { name: 'name', points: 100, seconds: quarter };
const byDevice = { name: 'device', points: 10, seconds: quarter };
const byDevices = { name: 'devices', points: 30, seconds: quarter };

/** For how long a browser is known: none keeps a cookie for longer. */
const deviceSeconds = 400 * 86_400;

// Limits on wrong codes after the right password, from anywhere. Known browsers have their own counter.
const codes = { name: 'code', points: 5, seconds: quarter };
const codesOfDay = { name: 'codes of a day', points: 20, seconds: 86_400 };

/** Signs in. Every sign-in starts a new session and ends the browser's old one. */
export async function signIn(context: Context, { email, password, code }: Input<'signIn'>): Promise<Session> {
  const { database, network, secrets } = context;
  const address = foldAddress(email);
  const device = deviceOf(context, address);
  const keys = device
    ? [
        { limiter: byDevice, key: device },
        { limiter: byDevices, key: address },
      ]
    : [
        // The widest first: who is refused by it adds no row for each address that they name.
        { limiter: bySite, key: siteOf(network) },
        { limiter: byNetwork, key: network },
        { limiter: byAccount, key: `${network} ${address}` },
        { limiter: byName, key: address },
      ];
  // Taken before the password is looked at: what is counted afterwards doesn't stop calls at once.
  await takeAll(database.brief, keys);
  const account = await findStaffByEmail(database.read, address);
  const fail = async (name: 'wrongPassword' | 'wrongCode'): Promise<never> => {
    // Recorded for an address without an account too. A difference would disclose which addresses have one.
    const event = name === 'wrongCode' ? 'signInCodeFailed' : 'signInFailed';
    await record(context, account ?? { id: '', name: '' }, event);
    // Both limits keep the attempt, and neither error says which of the two was wrong.
    throw new ApiError(name);
  };
  if (!(await checkPassword(password, account?.password)) || !account) return fail('wrongPassword');
  if (account.totpSecret) {
    if (!code) {
      for (const { limiter, key } of keys) await giveBack(database.brief, limiter, key);
      await record(context, account, 'codeAsked');
      throw new ApiError('codeRequired');
    }
    const tried = `${device ? 'known ' : ''}${account.id}`;
    for (const limiter of [codes, codesOfDay]) await take(database.brief, limiter, tried);
    const isTaken = await briefly(database, (trx) => takeCode(trx, secrets, account, code));
    if (!isTaken) return fail('wrongCode');
    for (const limiter of [codes, codesOfDay]) await giveBack(database.brief, limiter, tried);
  }
  for (const { limiter, key } of keys) await giveBack(database.brief, limiter, key);
  await forgetAttempts(database.brief, byAccount, `${network} ${address}`);
  return begin(context, account);
}

/** Starts a session after the identity is proved. Ends the browser's old session. */
export async function begin(context: Context, account: Awaited<ReturnType<typeof findAccount>>): Promise<Session> {
  const token = randomBytes(32).toString('base64url');
  const now = Date.now();
  await briefly(context.database, async (trx) => {
    // What changed since the account was read also stops this sign-in.
    await requireStill(trx, account, 'wrongPassword');
    await requireSame(trx, account);
    await recordActivity(trx, asActor(context, account), [{ event: 'signedIn' }]);
    if (context.sessionToken) await deleteSession(trx, context.sessionToken);
    await insertSession(trx, {
      token,
      staffId: account.id,
      createdAt: new Date(now).toISOString(),
      expiresAt: new Date(now + sessionHours * 3_600_000).toISOString(),
      agent: context.agent,
    });
  });
  context.answer.session(token);
  // It keeps its name: with another one it would have its tries anew.
  const nonce = deviceOf(context, account.email) ?? randomBytes(12).toString('base64url');
  const until = `${now + deviceSeconds * 1_000}`;
  const digest = deviceDigest(context.secrets, { nonce, until, address: account.email });
  context.answer.device(`${nonce}.${until}.${digest}`, deviceSeconds);
  // Whoever signs in has their own view: what the browser viewed as may be left by somebody else.
  return toSession(context, account);
}

/** Refuses if the sessions of a locked account were ended since, or another code is wanted than the one that was checked. */
async function requireSame(trx: Trx, { id, endKept, totpSecret }: Awaited<ReturnType<typeof findAccount>>) {
  const now = await findAccount(trx, id);
  if (now.endKept !== null && now.endKept !== endKept) throw new ApiError('wrongPassword');
  if (now.totpSecret !== totpSecret) throw new ApiError(now.totpSecret === null ? 'wrongPassword' : 'codeRequired');
}

const deviceDigest = (secrets: Secrets, said: { nonce: string; until: string; address: string }) =>
  secrets.digest('device', `${said.nonce} ${said.until} ${said.address}`);

/** The browser's own name, if this account signed in with it lately. */
function deviceOf({ deviceToken, secrets }: Context, address: string): string | undefined {
  const [nonce = '', until = '', digest] = deviceToken?.split('.') ?? [];
  const isOwn = digest === deviceDigest(secrets, { nonce, until, address });
  return isOwn && Number(until) > Date.now() ? nonce : undefined;
}

const record = (context: Context, account: { id: string; name: string }, event: ActivityEvent) =>
  briefly(context.database, (trx) => recordActivity(trx, asActor(context, account), [{ event }]));

export async function signOut(context: Context): Promise<void> {
  const { database, answer, sessionToken } = context;
  if (sessionToken) {
    const account = await findSession(database.read, sessionToken, new Date().toISOString());
    if (account && !isTabOf(context, account)) throw new ApiError('unauthenticated');
    await briefly(database, async (trx) => {
      if (account) {
        await deleteDrafts(trx, account.id);
        await recordActivity(trx, asActor(context, account), [{ event: 'signedOut' }]);
      }
      await deleteSession(trx, sessionToken);
    });
  }
  answer.session(undefined);
}

export async function currentSession(context: Context): Promise<Session | null> {
  if (!context.sessionToken) return null;
  const account = await findSession(context.db, context.sessionToken, new Date().toISOString());
  return account ? toSession(context, account, isTabOf(context, account) ? context.viewing : undefined) : null;
}

const isTabOf = ({ tabAccount }: Context, { id }: { id: string }) => (tabAccount ?? id) === id;

/** Adds a team member. False if the address has an account. */
export async function addStaff(
  { database }: Server,
  account: { email: string; name: string; role: string; password: string },
): Promise<boolean> {
  const password = await hashPassword(account.password);
  const email = foldAddress(account.email);
  const id = randomBytes(12).toString('hex');
  return insertStaff(database.write, { ...account, id, email, password, createdAt: new Date().toISOString() });
}

/** Makes an access key for the command line. Without scopes it gets all except `reveal`. */
export function addAccessKey(
  { database, secrets }: Server,
  { scopes, ...key }: { name: string; scopes?: Right[]; id?: string; secret?: string },
): Promise<{ id: string; secret: string }> {
  const all = keyScopes.filter((scope) => scope !== 'reveal');
  return addKey({ db: database.write, secrets }, { ...key, scopes: scopes ?? all, createdBy: '' });
}

async function toSession(
  { config, database }: Context,
  account: { id: string; email: string; name: string; role: string; password: string; totpSecret: string | null },
  viewing?: string,
): Promise<Session> {
  const own = await findRole(database.read, account.role);
  if (!own) throw new ApiError('forbidden');
  const role = viewing === undefined ? own : await viewedRole(database.read, own, viewing);
  return {
    id: account.id,
    email: account.email,
    name: account.name,
    role: { id: role.id, name: role.name, isPreset: role.isPreset },
    rights: role.rights,
    tenants: role.tenants,
    isViewingAs: role !== own,
    hasTotp: account.totpSecret !== null,
    hasPassword: account.password !== '',
    needsReason: config.requireReason,
    pool: { kind: 'local', engine: database.engine },
  };
}

/** During sign-in and sign-out the person isn't the caller of the request. */
const asActor = ({ actor }: Context, { id, name }: { id: string; name: string }): Actor => ({
  ...actor,
  kind: 'staff',
  id,
  name,
  through: 'console',
});
