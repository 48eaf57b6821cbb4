import { afterAll, beforeAll, expect, it } from 'vitest';
import { testApp } from '../testing/app.ts';

let api: Awaited<ReturnType<typeof testApp>>;
beforeAll(async () => {
  api = await testApp();
});
afterAll(() => api.close());

it('two accounts with the same name have different ids, also in a search and an export', async () => {
  const [one, two] = [await api.staffWith('administrator'), await api.staffWith('administrator')];
  await one('createUser', {});
  await two('createUser', {});
  const made = async (actor: string) =>
    (await one('listActivity', { actor, kind: 'target' })).data.list.map(({ actorName, actorId }) => ({
      actorName,
      actorId,
    }));
  const [second, first] = await made('administrator');
  expect(first?.actorName).toBe(second?.actorName);
  expect(first?.actorId).not.toBe(second?.actorId);
  expect(await made(first?.actorId ?? '')).toEqual([first]);
  const { csv } = (await one('exportActivity', { actor: second?.actorId, kind: 'target' })).data;
  expect(csv.split('\r\n')).toHaveLength(2);
  expect(csv).toContain(second?.actorId);
});
