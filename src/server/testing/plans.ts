import { inputFor, pick, type Random, randomFrom } from './inputs.ts';
import type { World } from './twins.ts';

// What no single random call reaches, for interference.test.ts: a plan that is applied, and somebody else's work between two calls.

const every = ['a', 'b', 'c', 'd'];
type Disposition = 'retire' | 'move' | 'clear';
const anyDisposition: Disposition[] = ['retire', 'retire', 'move', 'clear'];

/** A change of options in which what is gone is moved, cleared or kept. */
function choiceChange(random: Random, { pools }: World, dispositions: Disposition[]) {
  const kept = every.filter(() => random() < 0.6);
  const [first = 'a'] = kept;
  const disposition = pick(random, dispositions) ?? 'retire';
  const gone = every.filter((value) => value !== first && !kept.includes(value));
  return {
    targetType: pick(random, pools.targetType ?? []),
    key: pick(random, ['maskedChoice', 'maskedChoice', 'openChoice']) ?? 'openChoice',
    options: (kept.length ? kept : [first]).map((value) => ({ value, label: value })),
    dispositions: gone.map((value) =>
      disposition === 'move' ? { value, disposition, to: first } : { value, disposition },
    ),
  };
}

/** Makes a plan, applies it and sometimes undoes it; answers what each of them was told. */
export async function planAndApply(world: World, seed: number, dispositions = anyDisposition) {
  const { api, headers } = world;
  const random = randomFrom(seed);
  const { token: _, ...drawn } = inputFor('applyPlan', random, world.pools);
  const request = random() < 0.7 ? { changes: [choiceChange(random, world, dispositions)] } : drawn;
  const told: { data?: { token?: string; planId?: string } }[] = [];
  const ask = async (name: 'planFields' | 'applyPlan' | 'undoPlan', input: object) => {
    const body = (await api.ask(name, input as never, headers)).json() as (typeof told)[number];
    told.push(body);
    return body.data;
  };
  const token = (await ask('planFields', request))?.token;
  const planId = token && (await ask('applyPlan', { ...request, token }))?.planId;
  if (planId && random() < 0.35) await ask('undoPlan', { planId });
  return { request, told };
}

const records = [
  'setCustomFields',
  'setCustomData',
  'deleteCustomFields',
  'restoreCustomField',
  'deleteUsersBatch',
  'restoreTarget',
  'saveView',
  'saveDraft',
] as const;

/**
 * What somebody who sees all does between two calls, the same in both worlds: nothing that shows the principal more, nor
 * whose effect is another where values differ (a value that is held already, values that repeat).
 */
export async function others(world: World, seed: number): Promise<void> {
  const random = randomFrom(seed);
  const pools = {
    ...world.pools,
    ...{ isUnique: [undefined], tenantId: [undefined], access: [undefined], value: ['omega', 'sigma', null] },
    ...{ desensitization: [undefined, true], encrypted: [undefined, undefined, true] },
  };
  const other: World = { ...world, pools, headers: { ...world.admin, 'x-fieldbook-reason': 'Asked' } };
  if (random() < 0.2) return void (await planAndApply(other, seed, ['retire']));
  const name = pick(random, records) ?? 'setCustomData';
  await world.api.ask(name, inputFor(name, random, pools) as never, other.headers);
}
