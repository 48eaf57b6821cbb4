import { ApiError } from '#contract/wire/errors';
import type { Sender } from './body.ts';

// What this process remembers of signed calls. A restart forgets it, which harms nobody.

/** When a signature of a key was last right, by key and network; the oldest first. */
const proven = new Map<string, number>();
const staysProven = 60 * 60_000;

/** Notes that a signature made with the key was right. */
export function noteProven(keyId: string, network: string): void {
  const name = `${keyId} ${network}`;
  proven.delete(name);
  proven.set(name, Date.now());
  const [oldest] = proven.keys();
  if (proven.size > 10_000 && oldest !== undefined) proven.delete(oldest);
}

/** Who signs with a key lately proved it from the same network: somebody elsewhere who knows its id didn't. */
export function senderOf(keyId: string, network: string): Sender {
  const name = `${keyId} ${network}`;
  return { name: `key ${name}`, isProven: Date.now() - (proven.get(name) ?? 0) < staysProven };
}

/** When the signed reads of this process end to be valid, by nonce; the oldest first. */
const reads = new Map<string, number>();

/** Refuses a signed read that came before. Only this process knows: replaying a read tells a thief nothing new. */
export function refuseReplay(nonce: string, expiresAt: number): void {
  const now = Date.now();
  if ((reads.get(nonce) ?? 0) > now) throw new ApiError('nonceReused');
  reads.set(nonce, expiresAt);
  for (const [old, until] of reads) {
    // In order of arrival: the first that is still valid ends the sweep.
    if (until > now && reads.size < 100_000) break;
    reads.delete(old);
  }
}
