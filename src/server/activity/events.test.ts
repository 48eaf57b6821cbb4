import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { transact } from '../database/open.ts';
import { recordActivity } from '../record/activity.ts';
import { signer } from '../secrets.ts';
import { testApp } from '../testing/app.ts';
import { eraseUser } from '../vault/erase.ts';

let api: Awaited<ReturnType<typeof testApp>>;
beforeAll(async () => {
  api = await testApp();
});
afterAll(() => api.close());

const row = {
  at: '2026-01-01T00:00:00.000Z',
  historyId: null,
  fieldId: null,
  targetId: null,
  subject: null,
  count: 1,
  beforeDigest: null,
  afterDigest: null,
  actorKind: 'staff',
  actorId: 'x',
  actorName: 'Of another version',
  through: 'console',
  requestId: null,
  planId: null,
  reason: null,
  mac: '',
};

describe('the event of an entry', () => {
  it('is given by its name where only another version knows it', async () => {
    const { write } = api.server.database;
    await write
      .insertInto('activity')
      .values({ ...row, kind: 'session', event: 'beamedUp' })
      .execute();
    const { statusCode, data } = await api.call('listActivity', { actor: row.actorName });
    expect([statusCode, data.list]).toMatchObject([200, [{ event: 'beamedUp', count: 1 }]]);
    const { csv } = (await api.call('exportActivity', { actor: row.actorName })).data;
    expect(csv).toContain('beamedUp');
  });

  it('is exported with as many others as one file can hold', async () => {
    await api.call('setCustomFields', { list: [{ targetType: 'ROLE', key: 'long' }] });
    await api.call('createRole', { code: 'long' });
    const target = { targetType: 'ROLE' as const, targetIdentifier: 'long' };
    for (let count = 0; count < 300; count += 1)
      await api.call('setCustomData', { ...target, list: [{ key: 'long', value: `${count}${'x'.repeat(65_000)}` }] });
    const { csv, entries, hasMore } = (await api.call('exportActivity', { key: 'long', kind: 'value' })).data;
    expect([hasMore, csv.length < 32_000_000, csv.length > 25_000_000]).toEqual([true, true, true]);
    expect(csv.split('\r\n')).toHaveLength(entries + 1);
    expect(csv).toContain('299xxx');
    const all = (await api.call('exportActivity', { kind: 'field' })).data;
    expect(all).toMatchObject({ hasMore: false });
    expect(all.csv.split('\r\n')).toHaveLength(all.entries + 1);
  });

  it('decides of what kind the entry is', async () => {
    await api.call('exportActivity', {});
    const { list } = (await api.call('listActivity', { kind: 'session', limit: 1 })).data;
    expect(list).toMatchObject([{ event: 'activityExported' }]);
  });

  it('is all that is told of a person who was erased: they weren’t created then', async () => {
    const { userId } = (await api.call('createUser', { name: 'Ada' })).data;
    const actor = {
      kind: 'system',
      id: 'x',
      name: 'Eraser',
      through: 'command',
      sign: signer(api.server.secrets),
    } as const;
    await eraseUser(api.server, actor, userId);
    const { list } = (await api.call('listActivity', { actor: 'Eraser' })).data;
    expect(list).toMatchObject([{ event: 'erased', target: null, holder: { identifier: userId } }]);
  });

  it('is one of the contract, or the recorder doesn’t compile', async () => {
    const actor = {
      kind: 'system',
      id: 'x',
      name: 'Test',
      through: 'command',
      sign: signer(api.server.secrets),
    } as const;
    // @ts-expect-error: the contract has no such event
    const unknown = () => transact(api.server.database, (trx) => recordActivity(trx, actor, [{ event: 'beamedUp' }]));
    await expect(unknown()).rejects.toThrow();
  });
});
