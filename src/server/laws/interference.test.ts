import { describe, expect, it } from 'vitest';
import { type EndpointName, endpoints } from '#contract/endpoints';
import { differs, Renaming } from '../testing/compare.ts';
import { inputFor, type Pools, pick, type Random, randomFrom } from '../testing/inputs.ts';
import { others, planAndApply } from '../testing/plans.ts';
import { type Principal, principals } from '../testing/principals.ts';
import { keepWorlds, type World } from '../testing/twins.ts';

// No answer to a principal depends on what it may not see. Two pools differ only in such values. The same random
// program of calls runs in both, and the test compares every answer with its headers. Only a counted and recorded
// comparison of a value may disclose something. It ends the program.

const isLong = process.env.FIELDBOOK_TORTURE === '1';
const isPostgres = process.env.FIELDBOOK_TEST_ENGINE === 'postgres';
const programs = Number(process.env.FIELDBOOK_PROGRAMS ?? (isLong ? 20_000 : isPostgres ? 18 : 288));
const seed = Number(process.env.FIELDBOOK_SEED ?? (isLong ? Date.now() : 1));
/** Making worlds takes longest on PostgreSQL, so there fewer principals have more programs each. */
const tried = isPostgres && !isLong ? principals.filter((_, at) => at % 3 === 0) : principals;
const perPrincipal = Math.ceil(programs / tried.length);
const calls = 20;

/** Other tests cover sign-in and sign-out; they don't need a pool. */
const names = (Object.keys(endpoints) as EndpointName[]).filter((name) => Array.isArray(endpoints[name].right));
/** Endpoints that write and show values. Most calls of a program use them. */
const busy: EndpointName[] = names.filter((name) =>
  /custom|value|user|history|change|activity|plan|target|option|health|draft|view/i.test(name),
);

const mayCall = ({ rights, viewsAs }: Principal, name: EndpointName) => {
  const { right, effect } = endpoints[name];
  return Array.isArray(right) && right.some((one) => rights.includes(one)) && (!viewsAs || effect !== 'write');
};

/** Keeps the names in the answers, so that later calls can use them. */
function learn(worlds: World[], answers: unknown[]) {
  const [one, other] = answers;
  if (typeof one !== 'object' || typeof other !== 'object' || !one || !other) return;
  for (const [key, value] of Object.entries(one)) {
    const twin = (other as Record<string, unknown>)[key];
    if (typeof value === 'string' && learnt.has(key)) {
      const name = key === 'next' || key === 'previous' ? 'cursor' : key;
      for (const [index, world] of worlds.entries()) remember(world.pools, name, index ? twin : value);
    } else learn(worlds, [value, twin]);
  }
}
const learnt = new Set(['planId', 'token', 'id', 'userId', 'departmentId', 'next', 'previous', 'trashId', 'request']);
function remember(pools: Pools, name: string, value: unknown) {
  const pool = pools[name] ?? [];
  pools[name] = [...pool, value].slice(-12);
}

/** How many queries about protected values are recorded. */
async function questions({ api }: World): Promise<number> {
  const { count } = await api.server.database.write
    .selectFrom('activity')
    .select((of) => of.fn.countAll<number>().as('count'))
    .where('kind', '=', 'protected')
    .executeTakeFirstOrThrow();
  return Number(count);
}

async function say(world: World, name: EndpointName, seedOfCall: number) {
  if (name === 'applyPlan') {
    const { request, told } = await planAndApply(world, seedOfCall);
    return { sent: request, told: { body: told } };
  }
  const random = randomFrom(seedOfCall);
  const input = inputFor(name, random, world.pools);
  const headers = { ...world.headers, ...extras(random, world.pools) };
  const answer = await world.api.ask(name, input, headers);
  const { etag, 'retry-after': retryAfter } = answer.headers;
  if (etag) remember(world.pools, 'etag', etag);
  const body = answer.body.startsWith('{') ? answer.json() : answer.body.split('\n');
  return {
    sent: { input, headers: extras(randomFrom(seedOfCall), world.pools) },
    told: { status: answer.statusCode, etag, retryAfter, body },
  };
}

function extras(random: Random, pools: Pools): Record<string, string> {
  const tag = pick(random, ['"wrong"', ...((pools.etag as string[] | undefined) ?? [])]);
  return {
    ...(random() < 0.5 && { 'x-fieldbook-reason': 'Asked by the caller' }),
    ...(random() < 0.25 && tag && { 'if-match': tag }),
  };
}

interface Outcome {
  /** The call that answered differently, and how. */
  found?: object;
  /** The worlds differ in more by now than before: a comparison was counted in one, or answered differently. */
  isOver: boolean;
}

/** Runs one program in two worlds. */
async function run(principal: Principal, worlds: World[], programSeed: number): Promise<Outcome> {
  const random = randomFrom(programSeed);
  const renaming = new Renaming();
  const allowed = names.filter((name) => mayCall(principal, name));
  const often = busy.filter((name) => allowed.includes(name));
  for (let step = 0; step < calls; step += 1) {
    const name = pick(
      random,
      random() < 0.08 ? names : random() < 0.7 && often.length ? often : allowed,
    ) as EndpointName;
    const seedOfCall = Math.floor(random() * 2 ** 31);
    if (random() < 0.15) {
      for (const world of worlds) await others(world, seedOfCall);
      continue;
    }
    const before = await Promise.all(worlds.map(questions));
    const said = await Promise.all(worlds.map((world) => say(world, name, seedOfCall)));
    const found = differs(said[0]?.told, said[1]?.told, renaming);
    if (found) {
      const after = await Promise.all(worlds.map(questions));
      if (after.every((count, index) => count > (before[index] ?? 0))) return { isOver: true };
      const sent = JSON.stringify(said[0]?.sent);
      return { isOver: true, found: { principal: principal.name, programSeed, step, name, found, sent } };
    }
    learn(
      worlds,
      said.map(({ told }) => told.body),
    );
  }
  return { isOver: false };
}

/** How many programs follow one another in the same worlds: opening two costs as much as a program. The eighth still has as many answers as the first. */
const inARow = 8;

/** Runs the programs of one principal; tells those in which an answer differed, and the seed of the first in its worlds. */
async function search(principal: Principal) {
  const found: object[] = [];
  const offset = principals.indexOf(principal);
  const kept = await keepWorlds(principal, offset % 2 === 1);
  try {
    for (let program = 0; program < perPrincipal; ) {
      const worlds = await kept.open();
      const seedOf = (at: number) => seed * 1_000_003 + offset * 50_021 + at;
      const first = seedOf(program);
      try {
        for (let count = 0, isOver = false; count < inARow && !isOver && program < perPrincipal; count += 1) {
          const outcome = await run(principal, worlds, seedOf(program));
          program += 1;
          isOver = outcome.isOver;
          if (outcome.found) found.push({ ...outcome.found, first });
        }
      } finally {
        await Promise.all(worlds.map(({ api }) => api.close()));
      }
    }
  } finally {
    await kept.remove();
  }
  return found;
}

const patience = isLong ? 3_600_000 : 180_000;

describe('what a principal may not see', () => {
  const expectNothing = async (principal: Principal) => expect(await search(principal)).toEqual([]);

  it.each(tried)('changes no answer to $name', expectNothing, patience);
});
