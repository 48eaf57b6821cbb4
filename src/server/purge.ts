import type { Actor, Server } from './context.ts';
import { transact } from './database/open.ts';
import { keptFor, purgeTrash } from './fields/lifecycle.ts';
import { deletePlans } from './plans/store.ts';
import { signer } from './secrets.ts';
import { clearNonces } from './staff/store.ts';
import { purgeDrafts } from './stores/drafts.ts';

const day = 86_400_000;

const minute = 60_000;

/**
 * Deletes what has expired: nonces every minute; the trash, plans and drafts now and then every day. Several processes
 * can run it at the same time.
 */
export function purgeDaily(server: Server, onError: (error: unknown) => void): void {
  const actor: Actor = {
    kind: 'system',
    id: 'purge',
    name: 'Daily purge',
    through: 'command',
    sign: signer(server.secrets),
  };
  const purge = async () => {
    const now = new Date();
    await purgeTrash(server, actor, now);
    await transact(server.database, async (trx) => {
      await purgeDrafts(trx, now);
      await trx.deleteFrom('attempts').where('expiresAt', '<=', now.getTime()).execute();
      await deletePlans(trx, new Date(now.getTime() - keptFor).toISOString());
    });
  };
  const purgeNow = () => purge().catch(onError);
  void purgeNow();
  const clear = () => clearNonces(server.database.brief, Date.now()).catch(onError);
  setInterval(clear, minute).unref();
  setInterval(purgeNow, day).unref();
}
