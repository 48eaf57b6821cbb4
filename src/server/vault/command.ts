import { parseArgs } from 'node:util';
import { ApiError } from '#contract/wire/errors';
import { ConfigError } from '../config.ts';
import type { Operator } from '../context.ts';
import { resealSecrets } from '../sealed.ts';
import { signer } from '../secrets.ts';
import { eraseUser } from './erase.ts';
import { rotateHashKey, rotateKeys, verifyKeys } from './rotate.ts';

export const vaultUsage = `  rotate-keys [--hashes] [--check]
  erase-user <user id>
`;

/**
 * Puts all keys and secrets under the current ones, rotates the hash key with --hashes, and verifies. The exit code is
 * 1 if any remain.
 */
export async function rotateCommand(
  words: string[],
  { withServer, say }: Pick<Operator, 'withServer' | 'say'>,
): Promise<void> {
  const { values } = parseArgs({ args: words, options: { hashes: { type: 'boolean' }, check: { type: 'boolean' } } });
  await withServer(async (server) => {
    if (!values.check) {
      await resealSecrets(server);
      await rotateKeys(server, say);
    }
    if (values.hashes) await rotateHashKey(server, say);
    const left = await verifyKeys(server);
    if (!left) return say('All keys use the current encryption key, and their values can be read.');
    say(`Keys that still use an old encryption key: ${left}. Run rotate-keys.`);
    process.exitCode = 1;
  });
}

/** Erases a person, as a law may require. */
export async function eraseCommand(
  [userId]: string[],
  { withServer, say }: Pick<Operator, 'withServer' | 'say'>,
): Promise<void> {
  if (!userId) throw new ConfigError('Missing user ID. Usage: erase-user <user id>');
  await withServer(async (server) => {
    const sign = signer(server.secrets);
    const actor = { kind: 'system', id: 'command', name: 'Command line', through: 'command', sign } as const;
    const isGone = await eraseUser(server, actor, userId).catch((error: unknown) => {
      throw error instanceof ApiError ? new ConfigError(`There is no user ${userId}.`) : error;
    });
    if (!isGone)
      say('Another process still reads this user’s data. The server removes the rest as soon as it is done.');
    say(`Erased ${userId}. Older backups still contain this user; restoring one erases them again.`);
  });
}
