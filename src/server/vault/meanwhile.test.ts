import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nobody } from '../http/callers.ts';
import { type Call, testApp } from '../testing/app.ts';
import { faultsOf } from '../testing/invariants.ts';
import { eraseUser } from './erase.ts';
import { sealStored } from './sealing.ts';

let api: Awaited<ReturnType<typeof testApp>>;
let admin: Call;
beforeAll(async () => {
  api = await testApp();
  admin = await api.staffWith('administrator');
});
afterAll(() => api.close());

describe('background encryption', () => {
  it('overwrites no value that a plan or its undo writes meanwhile', async () => {
    const options = ['a', 'b'].map((value) => ({ value, label: value }));
    for (let round = 0; round < 3; round += 1) {
      const field = { targetType: 'USER' as const, key: `shade${round}` };
      await api.call('setCustomFields', { list: [{ ...field, dataType: 'ENUM', options }] });
      for (let start = 0; start < 300; start += 50)
        await api.call('createUsersBatch', {
          list: Array.from({ length: 50 }, (_, at) => ({
            username: `s${round}x${start + at}`,
            customData: { [field.key]: 'a' },
          })),
        });
      await api.call('setCustomFields', { list: [{ ...field, encrypted: true }] });
      const dispositions = [{ value: 'a', disposition: 'move' as const, to: 'b' }];
      const request = { changes: [{ ...field, options: options.slice(1), dispositions }] };
      const { token } = (await admin('planFields', request)).data;
      const [applied] = await Promise.all([admin('applyPlan', { ...request, token }), sealStored(api.server)]);
      expect(applied.statusCode).toBe(200);
      const held = async () => (await api.call('countOptions', field)).data;
      expect(await held()).toEqual([{ value: 'b', holders: 300 }]);
    }
  });

  it('makes no key of somebody who is erased meanwhile', async () => {
    const field = { targetType: 'USER' as const, key: 'note' };
    await api.call('setCustomFields', { list: [field] });
    const { userId } = (await api.call('createUser', { username: 'ada', customData: { note: 'one' } })).data;
    // Nobody holds it any more: only history tells.
    await api.call('setCustomData', {
      targetType: 'USER',
      targetIdentifier: userId,
      list: [{ key: field.key, value: null }],
    });
    await api.call('setCustomFields', { list: [{ ...field, encrypted: true }] });
    const { vault } = api.server;
    let erasing: Promise<unknown> | undefined;
    const seal: typeof vault.seal = async (trx, cells) => {
      erasing ??= eraseUser(api.server, nobody(api.server).actor, userId);
      await new Promise((resume) => setTimeout(resume, 200));
      return vault.seal(trx, cells);
    };
    await sealStored({ ...api.server, vault: { ...vault, seal } });
    await erasing;
    expect(await faultsOf(api.server)).toEqual([]);
  });
});
