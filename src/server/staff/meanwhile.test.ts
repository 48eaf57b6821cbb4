import { Secret, TOTP } from 'otpauth';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { endpoints } from '#contract/endpoints';
import { makeApp } from '../app.ts';
import { lockTargets } from '../database/locks.ts';
import { transact } from '../database/open.ts';
import type { Trx } from '../database/schema.ts';
import { type Call, testApp } from '../testing/app.ts';
import { afterFirst } from '../testing/between.ts';
import { signing } from '../testing/signing.ts';

let api: Awaited<ReturnType<typeof testApp>>;
let admin: Call;
beforeAll(async () => {
  api = await testApp();
  admin = await api.staffWith('administrator');
  await api.call('setCustomFields', { list: [{ targetType: 'USER', key: 'note' }] });
});
afterAll(() => api.close());

let count = 0;
interface Writer {
  call: Call;
  role: string;
  keyId: string | undefined;
  email: string | undefined;
}

async function writer(kind: 'person' | 'key'): Promise<Writer> {
  count += 1;
  const role = (await admin('saveStaffRole', { name: `Writers ${count}`, rights: ['read', 'write'], tenants: null }))
    .data.id;
  if (kind === 'person') {
    const call = await api.staffWith(role);
    return { call, role, keyId: undefined, email: (await call('getSession', {})).data?.email };
  }
  const made = (await admin('createAccessKey', { name: `Key ${count}`, scopes: ['read', 'write'], role })).data;
  return { call: await api.keyCall(made), role, keyId: made.id, email: undefined };
}

const idsOf = async (trx: Trx, userId: string) =>
  (await trx.selectFrom('users').select('id').where('userId', '=', userId).execute()).map(({ id }) => id);

/** What a write answers that waits while something else is done, and whether it was done. */
async function writtenMeanwhile({ call }: Pick<Writer, 'call'>, work: (trx: Trx) => Promise<unknown>) {
  const { userId } = (await api.call('createUser', { username: `waits${count}` })).data;
  let go = () => {};
  const gate = new Promise<void>((resolve) => {
    go = resolve;
  });
  const changing = transact(api.server.database, async (trx) => {
    await work(trx);
    // The write waits for this lock. On SQLite it waits for the only writer.
    await lockTargets(trx, 'USER', await idsOf(trx, userId));
    await gate;
  });
  await new Promise((resume) => setTimeout(resume, 100));
  const place = { targetType: 'USER' as const, targetIdentifier: userId };
  const writing = call('setCustomData', { ...place, list: [{ key: 'note', value: 'after' }] });
  await new Promise((resume) => setTimeout(resume, 200));
  go();
  await changing;
  const { error } = await writing;
  const isDone = (await api.call('getCustomData', place)).data.note === 'after';
  return { error, isDone };
}

const narrow = (trx: Trx, { role }: Writer) =>
  trx.updateTable('staffRoles').set({ rights: '["read"]' }).where('id', '=', role).execute();

describe('a write that waits', () => {
  it('is done if its caller still has the same permissions', async () => {
    for (const kind of ['person', 'key'] as const)
      expect(await writtenMeanwhile(await writer(kind), async () => {})).toEqual({ error: undefined, isDone: true });
  });

  it('isn’t done if its caller was disabled or signed out meanwhile', async () => {
    const refused = { error: 'unauthenticated', isDone: false };
    const disabled = await writer('person');
    const disabledAt = new Date().toISOString();
    const disable = (trx: Trx) =>
      trx
        .updateTable('staff')
        .set({ disabledAt })
        .where('email', '=', disabled.email ?? '')
        .execute();
    expect(await writtenMeanwhile(disabled, disable)).toEqual(refused);
    const signedOut = await writer('person');
    const ids = (trx: Trx) =>
      trx
        .selectFrom('staff')
        .select('id')
        .where('email', '=', signedOut.email ?? '');
    const signOut = (trx: Trx) => trx.deleteFrom('sessions').where('staffId', 'in', ids(trx)).execute();
    expect(await writtenMeanwhile(signedOut, signOut)).toEqual(refused);
  });

  it('isn’t done if its key was revoked meanwhile', async () => {
    const held = await writer('key');
    const revoke = (trx: Trx) =>
      trx
        .deleteFrom('accessKeys')
        .where('id', '=', held.keyId ?? '')
        .execute();
    expect(await writtenMeanwhile(held, revoke)).toEqual({ error: 'unauthenticated', isDone: false });
  });

  it('isn’t done if the secret behind it was taken away meanwhile, and is while that works beside a new one', async () => {
    const { secrets } = api.server;
    const hourLater = new Date(Date.now() + 3_600_000).toISOString();
    for (const callerOf of [api.keyCall, (key: { id: string; secret: string }) => signing(api, key)]) {
      for (const formerUntil of [null, hourLater]) {
        const made = (await admin('createAccessKey', { name: `Key ${++count}`, scopes: ['read', 'write'] })).data;
        const formerSecret = formerUntil && secrets.seal('access-key', made.secret);
        const rotate = (trx: Trx) =>
          trx
            .updateTable('accessKeys')
            .set({ secret: secrets.seal('access-key', 'another secret'), formerSecret, formerUntil })
            .where('id', '=', made.id)
            .execute();
        expect(await writtenMeanwhile({ call: await callerOf(made) }, rotate)).toEqual(
          formerUntil ? { error: undefined, isDone: true } : { error: 'unauthenticated', isDone: false },
        );
      }
    }
  });

  it('isn’t done if the role lost the right, or got narrower, meanwhile', async () => {
    for (const kind of ['person', 'key'] as const) {
      const narrowed = await writer(kind);
      expect(await writtenMeanwhile(narrowed, (trx) => narrow(trx, narrowed))).toEqual({
        error: 'forbidden',
        isDone: false,
      });
      const bound = await writer(kind);
      const bind = (trx: Trx) =>
        trx.updateTable('staffRoles').set({ tenants: '["t"]' }).where('id', '=', bound.role).execute();
      expect(await writtenMeanwhile(bound, bind)).toEqual({ error: 'forbidden', isDone: false });
    }
  });
});

describe('a sign-in that is in progress', () => {
  const password = 'correct horse';

  it.each([
    ['all sessions of the account are ended', 'signOutStaff', 'wrongPassword'],
    ['two-step verification is switched on', 'totp', 'codeRequired'],
  ] as const)('isn’t done if %s meanwhile', async (_, name, error) => {
    const { server } = api;
    const email = (await (await api.staffWith('support'))('getSession', {})).data?.email ?? '';
    const account = server.database.read.selectFrom('staff').select('id').where('email', '=', email);
    const { id } = await account.executeTakeFirstOrThrow();
    const setTotp = () =>
      server.database.write
        .updateTable('staff')
        .set({ totpSecret: server.secrets.seal('totp', new Secret({ size: 20 }).base32) })
        .where('id', '=', id)
        .execute();
    // The account was read already, and its password isn't checked yet.
    const change = afterFirst(async () => {
      if (name === 'totp') await setTotp();
      else expect(await admin(name, { id })).toMatchObject({ statusCode: 200 });
    });
    const database = { ...server.database, read: server.database.read.withPlugin(change) };
    const signIn = async (app: Pick<typeof api.app, 'inject'>) =>
      (await app.inject({ method: 'POST', url: endpoints.signIn.path, payload: { email, password } })).json();
    const app = await makeApp({ ...server, database });
    expect(await signIn(app)).toMatchObject({ error });
    await app.close();
    // Whoever begins anew is let in, where no code is wanted.
    expect(await signIn(api.app)).toMatchObject(name === 'totp' ? { error } : { statusCode: 200 });
  });
});

describe('what somebody does about their own account', () => {
  const password = 'correct horse';
  const secret = new Secret({ size: 20 }).base32;
  const code = () => new TOTP({ secret: Secret.fromBase32(secret) }).generate();
  const tokenFor = (id: string) => api.server.secrets.seal('totp', JSON.stringify([id, secret]));

  it.each([
    ['changePassword', () => ({ current: password, next: 'another horse, another battery' })],
    ['stopTotp', () => ({ password })],
    ['confirmTotp', (id: string) => ({ password, code: code(), token: tokenFor(id) })],
  ] as const)('isn’t done if their session was ended meanwhile: %s', async (name, inputFor) => {
    const { server } = api;
    const headers = await api.staffHeaders('support');
    const email = (await api.callAs(headers)('getSession', {})).data?.email ?? '';
    const account = () =>
      server.database.read.selectFrom('staff').selectAll().where('email', '=', email).executeTakeFirstOrThrow();
    const { id } = await account();
    const totpSecret = server.secrets.seal('totp', secret);
    await server.database.write.updateTable('staff').set({ totpSecret }).where('id', '=', id).execute();
    const before = await account();
    // They are known by their session already, and their password isn't checked yet.
    const signOut = afterFirst(async () =>
      expect(await admin('signOutStaff', { id })).toMatchObject({ statusCode: 200 }),
    );
    const app = await makeApp({
      ...server,
      database: { ...server.database, read: server.database.read.withPlugin(signOut) },
    });
    const { path: url } = endpoints[name];
    const answer = await app.inject({ method: 'POST', url, headers, payload: inputFor(id) });
    expect(answer.json()).toMatchObject({ error: 'unauthenticated' });
    expect(await account()).toEqual(before);
    await app.close();
  });
});
