import { inputFor, pick, type Random, randomFrom } from './inputs.ts';
import type { World } from './twins.ts';

// For interference.test.ts, what no single random call reaches: an applied plan, and other people's work between two
// calls.

const every = ['a', 'b', 'c', 'd'];
type Disposition = 'retire' | 'move' | 'clear';
const anyDisposition: Disposition[] = ['retire', 'retire', 'move', 'clear'];

/** A change of options that moves, clears or keeps the values of removed ones. */
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

/** Makes a plan, applies it and sometimes undoes it. Returns all answers. */
export async function planAndApply(world: World, seed: number, dispositions = anyDisposition) {
  const { api, headers } = world;
  const random = randomFrom(seed);
  const { token: _, ...drawn } = inputFor('applyPlan', random, world.pools);
  const request = random() < 0.7 ? { changes: [choiceChange(random, world, dispositions)] } : drawn;
  const told: { statusCode?: number; data?: { token?: string; planId?: string } }[] = [];
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

const endOf = ({ told }: Awaited<ReturnType<typeof planAndApply>>) => told.map(({ statusCode }) => statusCode).join();

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
 * The work of a caller who sees everything, between two calls, the same in both worlds. It shows the principal nothing
 * more. Returns how it ended: where values decide that, such as a restore of a name that is taken in one world, the
 * worlds differ in more than those values.
 */
export async function others(world: World, seed: number): Promise<unknown> {
  const random = randomFrom(seed);
  const pools = {
    ...world.pools,
    ...{ isUnique: [undefined], tenantId: [undefined], access: [undefined], value: ['omega', 'sigma', null] },
    ...{ desensitization: [undefined, true], encrypted: [undefined, undefined, true] },
  };
  const other: World = { ...world, pools, headers: { ...world.admin, 'x-fieldbook-reason': 'Asked' } };
  if (random() < 0.2) return endOf(await planAndApply(other, seed, ['retire']));
  const name = pick(random, records) ?? 'setCustomData';
  const { statusCode } = await world.api.ask(name, inputFor(name, random, pools) as never, other.headers);
  return statusCode;
}
