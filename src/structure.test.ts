import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { parseSync } from 'vite';
import { describe, expect, it } from 'vitest';

// Checks the structure of the code. Biome refuses import cycles (noImportCycles) and imports across the three parts.

const root = import.meta.dirname;
const parts = ['contract', 'server', 'console'];
const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((name) => /\.tsx?$/.test(name));

/** The local imports of a file, including types and lazy imports; paths as in `files`. */
function importsOf(name: string): string[] {
  const text = readFileSync(join(root, name), 'utf8');
  const { staticImports, staticExports, dynamicImports } = parseSync(name, text).module;
  const said = [
    ...staticImports.map(({ moduleRequest }) => moduleRequest.value),
    ...staticExports.flatMap(({ entries }) => entries.flatMap(({ moduleRequest }) => moduleRequest?.value ?? [])),
    ...dynamicImports.map(({ moduleRequest }) => text.slice(moduleRequest.start + 1, moduleRequest.end - 1)),
  ];
  return said.filter((one) => one.startsWith('.')).map((one) => relative(root, join(root, dirname(name), one)));
}

/** `server/fields` for `server/fields/store.ts`. Undefined for a file at the root of its part. */
function folderOf(name: string): string | undefined {
  const [part = '', folder, ...rest] = name.split(sep);
  return rest.length ? `${part}/${folder}` : undefined;
}

/** Tests may import from any folder. */
const isTest = (name: string) => /\.test\.tsx?$/.test(name) || /^server.testing/.test(name);

describe('folders', () => {
  it.each(parts)('inside %s import each other in one direction only', (part) => {
    const uses = new Map<string, Set<string>>();
    for (const name of files.filter((one) => one.startsWith(part + sep) && !isTest(one))) {
      const from = folderOf(name);
      for (const imported of importsOf(name)) {
        const to = folderOf(imported);
        if (from && to && from !== to) uses.set(from, (uses.get(from) ?? new Set()).add(to));
      }
    }
    expect(circlesOf(uses)).toEqual([]);
  });

  it('have a size that is easy to overview: some fifteen files besides tests, unless they are a list', () => {
    const lists = ['server/database/migrations'];
    const held = new Map<string, number>();
    for (const name of files.filter((one) => !isTest(one))) held.set(dirname(name), (held.get(dirname(name)) ?? 0) + 1);
    const full = [...held].filter(([folder, count]) => count > 18 && !lists.includes(folder));
    expect(full.map(([folder, count]) => `${folder}: ${count}`)).toEqual([]);
  });
});

describe('a file', () => {
  it('is short enough to read at once: at most 300 lines, unless it is a table', () => {
    const tables = /^contract.endpoints|^console.i18n|^server.database.(schema|migrations)/;
    const long = files
      .filter((name) => !isTest(name) && !tables.test(name))
      .flatMap((name) => {
        const lines = readFileSync(join(root, name), 'utf8').split('\n').length - 1;
        return lines > 300 ? [`${name}: ${lines}`] : [];
      });
    expect(long).toEqual([]);
  });

  it('of server or contract normalises no text by itself: a text with many marks would hold everybody up', () => {
    const own = files.filter((name) => !isTest(name) && /^(server|contract)\b/.test(name));
    const found = own.filter((name) => readFileSync(join(root, name), 'utf8').includes('.normalize('));
    expect(found).toEqual(
      ['contract/wire/fold.ts', 'server/database/collation.ts'].filter((name) => own.includes(name)),
    );
  });
});

describe('a function', () => {
  it('does one thing: a component has at most 150 lines with 6 pieces of state, another function 60 without inner ones', () => {
    const found = files
      .filter((name) => /\.tsx?$/.test(name) && !isTest(name) && !/database.migrations/.test(name))
      .flatMap((name) =>
        functionsOf(name)
          .filter(isTooLong)
          .map((one) => `${name}: ${one.name}, ${one.lines} lines`),
      );
    expect(found).toEqual([]);
  });
});

interface Function {
  name: string;
  lines: number;
  /** Without the functions inside it. */
  own: number;
  states: number;
}

const isTooLong = ({ name, lines, own, states }: Function) =>
  /^[A-Z]/.test(name) ? lines > 150 || states > 6 : own > 60;

function functionsOf(file: string): Function[] {
  const text = readFileSync(join(root, file), 'utf8');
  const found: Function[] = [];
  const visit = (node: unknown, outer: Function | undefined) => {
    if (typeof node !== 'object' || node === null) return;
    if (Array.isArray(node)) {
      for (const one of node) visit(one, outer);
      return;
    }
    const { type, id, start, end, body } = node as Node;
    let inner = outer;
    if (type && /Function/.test(type) && body) {
      const said = text.slice(start, end);
      const lines = said.split('\n').length;
      inner = { name: id?.name ?? '', lines, own: lines, states: 0 };
      found.push(inner);
      if (outer) outer.own -= lines - 1;
    }
    if (type === 'CallExpression' && inner && /^useState\b/.test(text.slice(start, end))) inner.states += 1;
    for (const part of Object.values(node)) visit(part, inner);
  };
  visit(parseSync(file, text).program, undefined);
  return found;
}

interface Node {
  type?: string;
  id?: { name?: string } | null;
  start?: number;
  end?: number;
  body?: unknown;
}

/** The cycles, each from its first folder by name. */
function circlesOf(uses: ReadonlyMap<string, ReadonlySet<string>>): string[] {
  const found = new Set<string>();
  const walk = (way: string[]) => {
    for (const next of uses.get(way.at(-1) ?? '') ?? []) {
      const at = way.indexOf(next);
      if (at === 0) found.add([...way, next].join(' → '));
      if (at < 0 && next > (way[0] ?? '')) walk([...way, next]);
    }
  };
  for (const start of uses.keys()) walk([start]);
  return [...found].sort();
}
