import { randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import { dictionary } from '@zxcvbn-ts/language-common';
import { normalise } from '#contract/wire/fold';
import type { IssueName } from '#contract/wire/issue';

const derive = promisify<string, Buffer, number, ScryptOptions, Buffer>(scrypt);
const cost = { N: 2 ** 15, r: 8, p: 1, maxmem: 64 * 1024 * 1024 };

/** scrypt, off the main thread. The text contains the parameters, so that they can change later. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16);
  const hash = await derive(normalise(password, 'NFC'), salt, 32, cost);
  return ['scrypt', cost.N, cost.r, cost.p, salt.toString('base64url'), hash.toString('base64url')].join('$');
}

/** Takes the same time for an unknown account (`stored` is undefined) as for a known one. */
export async function checkPassword(password: string, stored: string | undefined): Promise<boolean> {
  const [, N, r, p, salt = '', hash = ''] = (
    stored || `scrypt$${cost.N}$${cost.r}$${cost.p}$AAAAAAAAAAAAAAAAAAAAAA$`
  ).split('$');
  const expected = Buffer.from(hash, 'base64url');
  const given = await derive(normalise(password, 'NFC'), Buffer.from(salt, 'base64url'), 32, {
    N: Number(N),
    r: Number(r),
    p: Number(p),
    maxmem: cost.maxmem,
  });
  return expected.length === given.length && timingSafeEqual(expected, given);
}

/** A list of common passwords, without capitals and without digits and punctuation at the ends. */
const known = new Set(dictionary['passwords-common'].map(coreOf));

/** The fault of a new password, apart from its length. It needs no special characters but must be hard to guess. */
export function faultOfPassword(password: string, account: { email: string; name: string }): IssueName | undefined {
  const core = coreOf(password);
  const [local = ''] = account.email.split('@');
  const own = [account.email, local, account.name, 'fieldbook'].map(coreOf).filter(Boolean);
  const isRepeat = /^(.{1,4})\1+$/u.test(normalise(password, 'NFKC').toLowerCase());
  return isRepeat || known.has(core) || own.includes(core) ? 'passwordCommon' : undefined;
}

/** A password without what people add to a word to satisfy rules: capitals, and digits and punctuation at the ends. */
function coreOf(password: string): string {
  const plain = normalise(password, 'NFKC').toLowerCase();
  return plain.replace(/^[\d\s\p{P}\p{S}]+|[\d\s\p{P}\p{S}]+$/gu, '') || plain;
}
