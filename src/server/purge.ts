import type { Actor, Server } from './context.ts';
import { transact } from './database/open.ts';
import { keptFor, purgeTrash } from './fields/lifecycle.ts';
import { deletePlans } from './plans/store.ts';
import { signer } from './secrets.ts';
import { clearNonces } from './staff/store.ts';
import { purgeDrafts } from './stores/drafts.ts';

const day = 86_400_000;

const minute = 60_000;

/** Removes at once and then every day what has been kept long enough (the trash, plans, drafts), and nonces and attempts every minute; several processes may do so side by side. */
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
    const parts = [
      () => purgeTrash(server, actor, now),
      () => transact(server.database, (trx) => purgeDrafts(trx, now)),
      () => transact(server.database, (trx) => deletePlans(trx, new Date(now.getTime() - keptFor).toISOString())),
    ];
    // One that fails doesn't keep the others.
    for (const part of parts) await part().catch(onError);
  };
  void purge();
  const clear = async () => {
    await clearNonces(server.database.brief, Date.now());
    await server.database.brief.deleteFrom('attempts').where('expiresAt', '<=', Date.now()).execute();
  };
  setInterval(() => clear().catch(onError), minute).unref();
  setInterval(purge, day).unref();
}
