import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Right } from '#contract/wire/endpoint';
import { type Call, testApp } from '../testing/app.ts';

let api: Awaited<ReturnType<typeof testApp>>;
let writer: Call;
let reader: Call;
beforeAll(async () => {
  api = await testApp();
  const admin = await api.staffWith('administrator');
  const staffWith = async (name: string, rights: Right[]) =>
    api.staffWith((await admin('saveStaffRole', { name, rights, tenants: null })).data.id);
  writer = await staffWith('Writer', ['directory', 'activity']);
  reader = await staffWith('Reader', ['read', 'directory', 'activity']);
  await api.call('createOrganization', { organizationCode: 'o', organizationName: 'O' });
});
afterAll(() => api.close());

const guess = 'what it may say';
const another = 'something else';

let count = 0;
/** One of each type that says `text` of itself, and the edit that says `guess` of it. */
const edits: Record<string, (text: string) => Promise<(call: Call) => Promise<{ statusCode: number }>>> = {
  async user(text) {
    const { userId } = (await api.call('createUser', { username: `u${count}`, address: text, gender: 'F' })).data;
    return (call) => call('updateUser', { userId, address: guess, gender: 'F', city: null });
  },
  async group(text) {
    await api.call('createGroup', { code: `g${count}`, description: text });
    return (call) => call('updateGroup', { code: `g${count}`, description: guess });
  },
  async role(text) {
    await api.call('createRole', { code: `r${count}`, description: text });
    return (call) => call('updateRole', { code: `r${count}`, description: guess });
  },
  async department(text) {
    const place = { organizationCode: 'o', parentDepartmentId: 'root', name: `D${count}`, description: text };
    const { departmentId } = (await api.call('createDepartment', place)).data;
    return (call) => call('updateDepartment', { organizationCode: 'o', departmentId, description: guess });
  },
  async namespace(text) {
    await api.call('createNamespace', { code: `n${count}`, name: 'N', description: text });
    return (call) => call('updateNamespace', { code: `n${count}`, description: guess });
  },
};

/** What the last entries of the activity tell of an edit, as one caller sees it. */
async function told(call: Call, text: string, make: (typeof edits)[string]) {
  count += 1;
  const edit = await make(text);
  const { id = 0 } = (await reader('listActivity', { limit: 1 })).data.list[0] ?? {};
  expect(await edit(call)).toMatchObject({ statusCode: 200 });
  const { list } = (await call('listActivity', { limit: 5 })).data;
  return list.filter((entry) => entry.id > id).map(({ target }) => target);
}

describe('an edit of a built-in field, in the activity', () => {
  it.each(Object.entries(edits))(
    'shows who may not read no difference where the %s said so before',
    async (_, make) => {
      const entries = await told(writer, another, make);
      expect(entries).toHaveLength(1);
      expect(entries[0]?.changes.length).toBeGreaterThan(0);
      expect(await told(writer, guess, make)).toEqual(entries);
    },
  );

  it.each(Object.entries(edits))('isn’t there where the %s said so before and its editor reads it', async (_, make) => {
    expect(await told(reader, another, make)).toMatchObject([{ changes: [{ before: another, after: guess }] }]);
    expect(await told(reader, guess, make)).toEqual([]);
  });
});
