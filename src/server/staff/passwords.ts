import { randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import { dictionary } from '@zxcvbn-ts/language-common';
import type { IssueName } from '#contract/wire/issue';

const derive = promisify<string, Buffer, number, ScryptOptions, Buffer>(scrypt);
const cost = { N: 2 ** 15, r: 8, p: 1, maxmem: 64 * 1024 * 1024 };

/** scrypt, off the main thread; the text names its parameters so that they can grow. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16);
  const hash = await derive(password.normalize('NFC'), salt, 32, cost);
  return ['scrypt', cost.N, cost.r, cost.p, salt.toString('base64url'), hash.toString('base64url')].join('$');
}

/** Takes as long for an unknown account (`stored` undefined) as for a known one. */
export async function checkPassword(password: string, stored: string | undefined): Promise<boolean> {
  const [, N, r, p, salt = '', hash = ''] = (
    stored || `scrypt$${cost.N}$${cost.r}$${cost.p}$AAAAAAAAAAAAAAAAAAAAAA$`
  ).split('$');
  const expected = Buffer.from(hash, 'base64url');
  const given = await derive(password.normalize('NFC'), Buffer.from(salt, 'base64url'), 32, {
    N: Number(N),
    r: Number(r),
    p: Number(p),
    maxmem: cost.maxmem,
  });
  return expected.length === given.length && timingSafeEqual(expected, given);
}

/** What stands in lists of known passwords, whatever its capitals and the digits behind it. */
const known = new Set(dictionary['passwords-common'].map(coreOf));

/** What is wrong with a new password, beside its length: nothing is asked of its signs, but that it can't be guessed. */
export function faultOfPassword(password: string, account: { email: string; name: string }): IssueName | undefined {
  const core = coreOf(password);
  const [local = ''] = account.email.split('@');
  const own = [account.email, local, account.name, 'fieldbook'].map(coreOf).filter(Boolean);
  const isRepeat = /^(.{1,4})\1+$/u.test(password.normalize('NFKC').toLowerCase());
  return isRepeat || known.has(core) || own.includes(core) ? 'passwordCommon' : undefined;
}

/** A password without what people add to a word to get past rules: capitals, digits and signs at its ends. */
function coreOf(password: string): string {
  const plain = password.normalize('NFKC').toLowerCase();
  return plain.replace(/^[\d\s\p{P}\p{S}]+|[\d\s\p{P}\p{S}]+$/gu, '') || plain;
}
