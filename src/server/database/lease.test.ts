import { afterEach, beforeEach, expect, it } from 'vitest';
import { testApp } from '../testing/app.ts';
import { withLease } from './lease.ts';

let api: Awaited<ReturnType<typeof testApp>>;
beforeEach(async () => {
  api = await testApp();
});
afterEach(() => api.close());

const wait = (time: number) => new Promise<void>((resume) => setTimeout(resume, time));
const lease = (work: (isHeld: () => boolean) => Promise<void>, seconds = 1) =>
  withLease(api.server.database, 'work', work, seconds);
const held = () => api.server.database.read.selectFrom('leases').selectAll().execute();

it('a lease admits one process at a time, and is free as soon as the work is done', async () => {
  let inside = 0;
  const work = async () => {
    inside += 1;
    expect(inside).toBe(1);
    // Until the others have tried, however slow the machine is.
    await wait(500);
    inside -= 1;
  };
  const taken = await Promise.all([lease(work), lease(work), lease(work)]);
  expect(taken.filter(Boolean)).toHaveLength(1);
  expect(await held()).toEqual([]);
  expect(await lease(work)).toBe(true);
});

it('a lease is released if the work fails', async () => {
  const failing = lease(async () => {
    throw new Error('broken');
  });
  await expect(failing).rejects.toThrow('broken');
  expect(await lease(async () => {})).toBe(true);
});

it('a lease stays held while the work lasts longer than it', async () => {
  const states: boolean[] = [];
  const long = lease(async (isHeld) => {
    for (let step = 0; step < 6; step += 1) {
      await wait(400);
      states.push(isHeld());
    }
  });
  await wait(1_700);
  expect(await lease(async () => {})).toBe(false);
  await long;
  expect(states).toEqual(Array(6).fill(true));
});

it('a lease of a dead process passes to another when it expires, and a process learns that it lost its lease', async () => {
  const { write } = api.server.database;
  await write
    .insertInto('leases')
    .values({ name: 'work', holder: 'dead', until: Date.now() + 700 })
    .execute();
  expect(await lease(async () => {})).toBe(false);
  await wait(800);
  expect(await lease(async () => {})).toBe(true);
  let wasHeld = true;
  await lease(async (isHeld) => {
    await write
      .updateTable('leases')
      .set({ holder: 'another', until: Date.now() + 60_000 })
      .execute();
    await wait(1_200);
    wasHeld = isHeld();
  });
  expect(wasHeld).toBe(false);
  expect(await held()).toMatchObject([{ holder: 'another' }]);
});
