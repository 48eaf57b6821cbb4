import { createCipheriv, createDecipheriv, createHash, createHmac, hkdfSync, randomBytes } from 'node:crypto';

/** Everything that depends on `FIELDBOOK_SECRET`. Each purpose has its own key, derived from the secret. */
export interface Secrets {
  /** Encrypts with the current secret (AES-256-GCM). The result names the secret that decrypts it. */
  seal(purpose: string, text: string): string;
  /** Decrypts what any listed secret encrypted. Throws if none of them did. */
  open(purpose: string, sealed: string): string;
  /** A keyed digest under the current secret, base64url. */
  digest(purpose: string, text: string): string;
  /** The keys of a purpose, the current one first. */
  keys(purpose: string): Uint8Array[];
  /** The name of the current secret. It discloses nothing about the secret. */
  idOf(): string;
  /** The key of a purpose under the secret with that name, if it is still listed. */
  keyOf(purpose: string, id: string): Uint8Array | undefined;
}

/** Makes the keyed digest of an audit log entry. `secrets` is there if the writer also seals the entry. */
export interface Signer {
  (content: string): string;
  secrets?: Secrets;
}

/** Proves that a server with the secret wrote an audit log entry. */
export const signer = (secrets: Secrets): Signer =>
  Object.assign((content: string) => secrets.digest('activity', content), { secrets });

export function makeSecrets(secrets: string[]): Secrets {
  const rings = new Map<string, { id: string; key: Uint8Array }[]>();
  const ring = (purpose: string) => {
    const known = rings.get(purpose);
    if (known) return known;
    const made = secrets.map((secret) => ({
      id: createHash('sha256').update(`id:${secret}`).digest('base64url').slice(0, 8),
      key: new Uint8Array(hkdfSync('sha256', secret, '', `fieldbook:${purpose}`, 32)),
    }));
    rings.set(purpose, made);
    return made;
  };
  const current = (purpose: string) => {
    const [first] = ring(purpose);
    if (!first) throw new Error('There is no secret.');
    return first;
  };
  return {
    seal(purpose, text) {
      const { id, key } = current(purpose);
      const nonce = randomBytes(12);
      const cipher = createCipheriv('aes-256-gcm', key, nonce);
      const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
      return [id, nonce, body, cipher.getAuthTag()]
        .map((part) => (typeof part === 'string' ? part : part.toString('base64url')))
        .join('.');
    },
    open(purpose, sealed) {
      const [id, nonce = '', body = '', tag = ''] = sealed.split('.');
      const found = ring(purpose).find((candidate) => candidate.id === id);
      if (!found) throw new Error('It was sealed with a secret that FIELDBOOK_SECRET no longer lists.');
      const decipher = createDecipheriv('aes-256-gcm', found.key, Buffer.from(nonce, 'base64url'), {
        authTagLength: 16,
      });
      decipher.setAuthTag(Buffer.from(tag, 'base64url'));
      return Buffer.concat([decipher.update(Buffer.from(body, 'base64url')), decipher.final()]).toString('utf8');
    },
    digest: (purpose, text) => createHmac('sha256', current(purpose).key).update(text).digest('base64url'),
    keys: (purpose) => ring(purpose).map(({ key }) => key),
    idOf: () => current('id').id,
    keyOf: (purpose, id) => ring(purpose).find((known) => known.id === id)?.key,
  };
}
