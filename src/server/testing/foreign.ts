import type { Call } from './app.ts';

/** Departments of a tenant that the principal can't see. Their tree and values differ between the worlds. */
export async function foreignDepartments(
  call: Call,
  { north, south }: { north: string; south: string },
  world: 0 | 1,
): Promise<string[]> {
  const words = ['amber', 'birch', 'cedar', 'delta'].slice(world);
  const organization = { organizationCode: 'f', organizationName: `${words[0]} org`, tenantId: south };
  await must(call('createOrganization', organization));
  const made: string[] = [];
  for (const name of words.slice(0, 3)) {
    const department = { organizationCode: 'f', parentDepartmentId: made[world] ?? 'root', name, code: name };
    made.push((await must(call('createDepartment', { ...department, tenantId: south }))).departmentId);
  }
  await must(call('createUser', { username: 'dee', departmentIds: made.slice(world) }));
  for (const [at, targetIdentifier] of made.entries()) {
    const place = { targetType: 'DEPARTMENT' as const, targetIdentifier };
    // A value that no caller can write, because a unique value also conflicts with targets that its writer can't see.
    const list = [{ key: 't_open', value: `foreign ${words[at]}` }];
    for (const tenantId of [north, south]) await must(call('setCustomData', { ...place, tenantId, list }));
  }
  return made;
}

/** The answer of a call that must succeed. */
export async function must<T>(answer: Promise<{ statusCode: number; data: T }>): Promise<T> {
  const said = await answer;
  if (said.statusCode !== 200) throw new Error(JSON.stringify(said));
  return said.data;
}
