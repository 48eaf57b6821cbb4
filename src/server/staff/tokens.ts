import { createHmac, timingSafeEqual } from 'node:crypto';
import { jwtVerify, SignJWT } from 'jose';
import { ApiError } from '#contract/wire/errors';
import type { Server } from '../context.ts';
import type { AccessKeyRow } from '../database/schema.ts';
import { noteUse } from './keys.ts';
import { findAccessKey, poolId, sealedSecretsOf } from './store.ts';

const tokenSeconds = 7_200;

/** The secrets that a key has now. */
export const secretsOf = ({ secrets }: Server, key: AccessKeyRow): string[] =>
  sealedSecretsOf(key).map((sealed) => secrets.open('access-key', sealed));

/** A management token for an access key: HS256, plain ASCII claims (a client decodes them with the wrong alphabet). */
export async function makeToken(server: Server, keyId: string, secret: string) {
  const key = await findAccessKey(server.database.read, keyId);
  const given = Buffer.from(secret);
  const isOwn = (one: string) => {
    const expected = Buffer.from(one);
    return expected.length === given.length && timingSafeEqual(expected, given);
  };
  if (!key || !secretsOf(server, key).some(isOwn)) throw new ApiError('wrongSecret');
  noteUse(server.database.brief, key);
  const [signing] = server.secrets.keys('management-token');
  if (!signing) throw new ApiError('internal');
  const token = await new SignJWT({
    scoped_userpool_id: await poolId(server.database.read),
    token_type: 'management_token',
    access_key_type: 'userpool',
    access_key_id: key.id,
    secret_id: secretClaim(signing, secret),
  })
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
    .setIssuedAt()
    .setExpirationTime(`${tokenSeconds}s`)
    .sign(signing);
  return { access_token: token, expires_in: tokenSeconds };
}

/** The claim that binds a token to its secret. It discloses nothing about the secret. */
const secretClaim = (signing: Uint8Array, secret: string): string =>
  createHmac('sha256', signing).update(`secret ${secret}`).digest('base64url').slice(0, 16);

/** Whether a token was made with a current secret of its key. */
export const isOfSecret = (
  server: Server,
  key: AccessKeyRow,
  { signing, said }: { signing: Uint8Array; said: unknown },
) => secretsOf(server, key).some((secret) => secretClaim(signing, secret) === said);

/** The claims of a token. Undefined if it has expired or no listed secret signed it. */
export async function verifyToken(server: Server, token: string) {
  for (const signing of server.secrets.keys('management-token')) {
    const verified = await jwtVerify(token, signing, { algorithms: ['HS256'] }).catch(() => undefined);
    if (verified) return { claims: verified.payload, signing };
  }
  return undefined;
}
