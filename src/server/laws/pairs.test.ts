import { Secret, TOTP } from 'otpauth';
import { describe, expect, it } from 'vitest';
import { type EndpointName, endpoints, type Sent } from '#contract/endpoints';
import type { Endpoint } from '#contract/wire/endpoint';
import { ApiError } from '#contract/wire/errors';
import { signer } from '../secrets.ts';
import { testApp } from '../testing/app.ts';
import { inputFor, type Pools, pick, type Random, randomFrom } from '../testing/inputs.ts';
import { deepFaultsOf, faultsOf } from '../testing/invariants.ts';
import { names, type Things, texts } from '../testing/pools.ts';
import { makeWorld, type Person } from '../testing/world.ts';
import { eraseUser } from '../vault/erase.ts';

// Runs every pair of writing calls concurrently on the same targets. Afterwards all invariants must hold. `npm test`
// takes a sample; FIELDBOOK_TORTURE=1 runs all pairs ten times.

const isTorture = process.env.FIELDBOOK_TORTURE === '1';
const seed = Number(process.env.FIELDBOOK_SEED ?? 1);
/** Pairs per database, so that it stays small. */
const batch = 60;

type Api = Awaited<ReturnType<typeof testApp>>;

/** A call that writes. */
interface Write {
  name: string;
  /** The kinds of objects that its input can refer to. */
  kinds: Set<string>;
  draw(random: Random, pools: Pools): unknown;
  run(person: Person, input: unknown): Promise<{ statusCode: number; error?: string; message?: string }>;
}

/** A write according to the table. A POST with `person` or `public` writes in its own transactions. */
const writes = ({ effect, method, right }: Endpoint) =>
  effect !== 'read' || (method === 'POST' && (right === 'person' || right === 'public'));

/** The requests that must come before a call. */
const preparations: Partial<Record<EndpointName, (person: Person, input: object) => Promise<object>>> = {
  async applyPlan(person, { token: _, ...request }: { token?: string }) {
    const plan = (await person.call('planFields', request)).data as { token?: string } | undefined;
    return { ...request, token: plan?.token ?? 'none' };
  },
  async confirmTotp(person, input) {
    const { secret, token } = (await person.call('startTotp', {})).data as { secret: string; token: string };
    return { ...input, token, code: new TOTP({ secret: Secret.fromBase32(secret) }).generate() };
  },
};

function writesOf(api: Api, things: Things, pools: (random: Random, things: Things) => Pools): Write[] {
  const known = [...Object.entries(names), ...Object.entries(things)];
  const kindOf = new Map(known.flatMap(([kind, list]) => list.map((one) => [one, kind] as const)));
  const writing = (Object.keys(endpoints) as EndpointName[]).filter((name) => writes(endpoints[name]));
  const all = writing.map((name): Write => {
    const draw = (random: Random, from: Pools) => inputFor(name, random, from);
    const said = Array.from({ length: 80 }, (_, at) => draw(randomFrom(at), pools(randomFrom(at), things)));
    const kinds = new Set(strings(said).flatMap((text) => kindOf.get(text) ?? []));
    if (!Array.isArray(endpoints[name].right)) kinds.add('staff');
    const run: Write['run'] = (person, input) => person.call(name, input as Sent<typeof name>);
    return { name, kinds: new Set([...kinds].map((kind) => alike[kind] ?? kind)), draw, run };
  });
  const actor = {
    kind: 'system',
    id: 'pairs',
    name: 'Pairs',
    through: 'command',
    sign: signer(api.server.secrets),
  } as const;
  const erase: Write = {
    name: 'eraseUser',
    kinds: new Set(['user']),
    draw: (random, { userId = [] }) => pick(random, userId),
    run: (_, input) =>
      eraseUser(api.server, actor, String(input)).then(
        () => ({ statusCode: 200 }),
        (error) => {
          if (error instanceof ApiError) return { statusCode: 404 };
          throw error;
        },
      ),
  };
  return [...all, erase];
}

/** The same object in another state, or under another name. */
const alike: Record<string, string> = { trashed: 'user', trashedField: 'field', email: 'staff', session: 'staff' };

function strings(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value ? Object.entries(value).flatMap((entry) => entry.flatMap(strings)) : [];
}

/** All pairs whose inputs can refer to the same object, including each call with itself. */
const pairsOf = (all: Write[]): [Write, Write][] =>
  all.flatMap((one, at) =>
    all.slice(at).flatMap((other): [Write, Write][] => {
      const meet = [...one.kinds].some((kind) => other.kinds.has(kind));
      return meet ? [[one, other]] : [];
    }),
  );

/** One or two objects of each kind, so that both calls hit the same ones. */
function focused(random: Random, things: Things): Things {
  const few = (list: string[]) => {
    const count = random() < 0.6 ? 1 : 2;
    return [...list].sort(() => random() - 0.5).slice(0, count);
  };
  return Object.fromEntries(Object.entries(things).map(([kind, list]) => [kind, few(list)]));
}

function shuffled<T>(random: Random, list: T[]): T[] {
  return list
    .map((one) => ({ one, at: random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ one }) => one);
}

/** Runs the pairs of one seed on their own database. Counts the successful calls by name. */
async function runBatch(start: number, length: number, succeeded: Map<string, number>): Promise<number> {
  const api = await testApp();
  const world = await makeWorld(api);
  try {
    const all = writesOf(api, await world.tend(), world.poolsOf);
    const pairs = pairsOf(all);
    for (const { name } of pairs.flat()) {
      const { effect, right } = endpoints[name as EndpointName] ?? { effect: 'write', right: 'person' };
      if (effect === 'write' || right === 'person') succeeded.set(name, succeeded.get(name) ?? 0);
    }
    const rounds = new Map<number, [Write, Write][]>();
    const pairAt = (index: number) => {
      const round = Math.floor(index / pairs.length);
      const order = rounds.get(round) ?? shuffled(randomFrom(seed + round), pairs);
      rounds.set(round, order);
      return order[index % pairs.length] ?? [];
    };
    for (let at = start; at < start + length; at += 1) {
      const pair = pairAt(at);
      const random = randomFrom(seed * 1_000_003 + at);
      const pools = world.poolsOf(random, focused(random, await world.tend()));
      const inputs: unknown[] = [];
      for (const [side, { name, draw }] of pair.entries()) {
        const person = world.people[side] ?? world.people[0];
        const input = draw(random, pools);
        const prepare = preparations[name as EndpointName];
        inputs.push(prepare ? await prepare(person, input as object) : input);
      }
      const answers = await Promise.all(
        pair.map(({ run }, side) => run(world.people[side] ?? world.people[0], inputs[side])),
      );
      const faults = await faultsOf(api.server);
      const said = answers.map(({ statusCode, error, message }) => ({ statusCode, error, message }));
      const where = { start: at, pair: pair.map(({ name }) => name), inputs, answers: said };
      for (const { statusCode } of answers) if (statusCode === 500) faults.push(`An answer of ${statusCode}.`);
      expect(faults, JSON.stringify(where, null, 1)).toEqual([]);
      for (const [side, { name }] of pair.entries())
        if (answers[side]?.statusCode === 200) succeeded.set(name, (succeeded.get(name) ?? 0) + 1);
    }
    expect(await deepFaultsOf(api.server, texts), `batch from ${start}`).toEqual([]);
    return pairs.length;
  } finally {
    await api.close();
  }
}

describe('two writes at once on the same targets', () => {
  it(
    'keep all invariants, in each pair',
    async () => {
      const succeeded = new Map<string, number>();
      const first = Number(process.env.FIELDBOOK_START ?? 0);
      const all = await runBatch(first, batch, succeeded);
      const until = first + (isTorture ? 10 * all : 3 * batch);
      for (let start = first + batch; start < until; start += batch)
        await runBatch(start, Math.min(batch, until - start), succeeded);
      // A call that never succeeds proves nothing.
      if (isTorture) expect([...succeeded].filter(([, count]) => !count)).toEqual([]);
    },
    isTorture ? 3 * 3_600_000 : 180_000,
  );
});
