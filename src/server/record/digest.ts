import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Actor } from '../context.ts';
import type { Secrets } from '../secrets.ts';

/** The content of a digest: the JSON of a field's value, or of something without a field. */
interface Digested {
  fieldId: number | undefined;
  json: string;
}

/** A keyed digest with a nonce (`nonce.mac`), so that nobody can compare two digests. */
export function digestOf(actor: Actor, digested: Digested): string {
  const nonce = randomBytes(12).toString('base64url');
  return `${nonce}.${actor.sign(contentOf(digested, nonce))}`;
}

/** Whether a digest has this content. A digest of an older version has no nonce. */
export function isDigestOf(secrets: Secrets, digest: string, digested: Digested): boolean {
  const [nonce, mac] = digest.includes('.') ? digest.split('.') : [undefined, digest];
  const said = Buffer.from(mac ?? '');
  return secrets.keys('activity').some((key) => {
    const right = Buffer.from(createHmac('sha256', key).update(contentOf(digested, nonce)).digest('base64url'));
    return right.length === said.length && timingSafeEqual(right, said);
  });
}

const contentOf = ({ fieldId, json }: Digested, nonce: string | undefined) =>
  nonce === undefined ? `digest ${fieldId ?? ''} ${json}` : `digest of ${nonce} ${fieldId ?? ''} ${json}`;
