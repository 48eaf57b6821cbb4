import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { signer } from '../secrets.ts';
import { testApp } from '../testing/app.ts';
import { purgeTrash } from './lifecycle.ts';

let api: Awaited<ReturnType<typeof testApp>>;
beforeAll(async () => {
  api = await testApp();
});
afterAll(() => api.close());

/** A field that has been in the trash for too long, with a value of each person. */
async function trashed(key: string) {
  await api.call('setCustomFields', { list: [{ targetType: 'USER', key }] });
  for (let start = 0; start < 200; start += 50)
    await api.call('createUsersBatch', {
      list: Array.from({ length: 50 }, (_, at) => ({
        username: `${key}${start + at}`,
        customData: { [key]: `v${at}` },
      })),
    });
  await api.call('deleteCustomFields', { list: [{ targetType: 'USER', key }] });
  await api.server.database.write
    .updateTable('fields')
    .set({ deletedAt: '2020-01-01T00:00:00.000Z' })
    .where('key', '=', key)
    .execute();
}

const purge = () => {
  const sign = signer(api.server.secrets);
  const actor = { kind: 'system', id: 'purge', name: 'Daily purge', through: 'command', sign } as const;
  return purgeTrash(api.server, actor, new Date());
};

describe('the daily purge', () => {
  it('keeps a field that somebody restores at the same time', async () => {
    for (let round = 0; round < 5; round += 1) {
      const key = `old${round}`;
      await trashed(key);
      const [restored] = await Promise.all([api.call('restoreCustomField', { targetType: 'USER', key }), purge()]);
      const fields = (await api.call('getCustomFields', { targetType: 'USER' })).data;
      expect(fields.some((field) => field.key === key)).toBe(restored.statusCode === 200);
    }
  }, 60_000);

  it('by two processes deletes a field once', async () => {
    await trashed('twice');
    await Promise.all([purge(), purge()]);
    const { read } = api.server.database;
    const entries = await read.selectFrom('history').select('before').where('after', '=', '{"purged":true}').execute();
    expect(entries.filter(({ before }) => before?.includes('"twice"'))).toHaveLength(1);
  });
});
