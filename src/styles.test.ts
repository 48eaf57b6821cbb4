import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join, relative, sep } from 'node:path';
import { parseSync } from 'vite';
import { describe, expect, it } from 'vitest';

// All styles come as one file, so whatever a rule names, it reaches on every page: it has to begin with a class of its own.

const root = join(import.meta.dirname, 'console');
const files = readdirSync(root, { recursive: true, encoding: 'utf8' });
const sheets = files.filter((name) => name.endsWith('.css') && name !== 'styles.css');
const sources = files.filter((name) => /\.tsx?$/.test(name) && !/\.test\.|^i18n/.test(name)).map(read);
const imported = [...text('styles.css').matchAll(/@import "(.+)";/g)].map(([, path = '']) => join(path));

/** The component that lies beside a sheet; undefined where several files share it. */
const componentOf = (sheet: string) => {
  const name = sheet.replace(/css$/, 'tsx');
  return existsSync(join(root, name)) ? name : undefined;
};

describe('a sheet', () => {
  it('is imported by the component beside it alone, by several files of its folder, or by styles.css', () => {
    const wrong = sheets.filter((sheet) => {
      const users = sources.filter(({ imports }) => imports.includes(sheet)).map(({ name }) => name);
      const component = componentOf(sheet);
      if (imported.includes(sheet)) return component !== undefined || users.length > 0;
      if (component) return users.join() !== component;
      return users.length < 2 || users.some((user) => dirname(user) !== dirname(sheet));
    });
    expect(wrong).toEqual([]);
    expect(sources.filter(({ imports }) => imports.includes('styles.css')).map(({ name }) => name)).toEqual([
      'main.tsx',
    ]);
  });

  it('begins each rule with a class that is written in its folder or below, the shared ones with one written anywhere', () => {
    const wrong = sheets
      .filter((sheet) => !sheet.startsWith(`theme${sep}`))
      .flatMap((sheet) => {
        const home = imported.includes(sheet) ? '' : dirname(sheet) + sep;
        const own = new Set(sources.filter(({ name }) => name.startsWith(home)).flatMap(({ classes }) => classes));
        const strange = selectorsOf(sheet).filter((selector) => !own.has(classesOf(selector)[0] ?? ''));
        return strange.map((selector) => `${sheet}: ${selector}`);
      });
    expect(wrong).toEqual([]);
  });

  it('shares no such class with another sheet', () => {
    const owners = new Map<string, Set<string>>();
    for (const sheet of sheets)
      for (const selector of selectorsOf(sheet)) {
        const [first] = classesOf(selector);
        if (first) owners.set(first, (owners.get(first) ?? new Set()).add(sheet));
      }
    const shared = [...owners].filter(([, names]) => names.size > 1);
    expect(shared.map(([name, names]) => `${name}: ${[...names].join(', ')}`)).toEqual([]);
  });

  it('names no class that nobody writes', () => {
    const words = new Set(sources.flatMap(({ strings }) => strings));
    const named = sheets.flatMap((sheet) => selectorsOf(sheet).flatMap(classesOf));
    expect([...new Set(named)].filter((name) => !name.startsWith('ant-') && !words.has(name))).toEqual([]);
  });

  it('takes its colours from the tokens', () => {
    const colour = /#[\da-f]{3,8}\b|\b(rgb|hsl|hwb|lab|lch|oklab|oklch)a?\(/i;
    const wrong = sheets.filter((sheet) => sheet !== join('theme', 'tokens.css') && colour.test(text(sheet)));
    expect(wrong).toEqual([]);
  });
});

function text(name: string): string {
  return readFileSync(join(root, name), 'utf8');
}

/** Each selector of a sheet; those of key frames are none. */
function selectorsOf(sheet: string): string[] {
  const plain = text(sheet)
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .replace(/@keyframes [\s\S]*?\n\}/g, '');
  return [...plain.matchAll(/([^{}]+)\{/g)]
    .map(([, head = '']) => head.replace(/[^;]*;/g, '').trim())
    .filter((head) => !head.startsWith('@'))
    .flatMap((head) => head.split(/,(?![^(]*\))/))
    .map((selector) => selector.trim());
}

const classesOf = (selector: string) => [...selector.matchAll(/\.([a-z][\w-]*)/g)].map(([, name = '']) => name);

interface Source {
  name: string;
  imports: string[];
  /** Words in strings that become classes: of an attribute, or of a property that is handed on as one. */
  classes: string[];
  /** Words in any string: what a template puts into a class comes from somewhere. */
  strings: string[];
}

function read(name: string): Source {
  const { program, module } = parseSync(basename(name), text(name));
  const imports = module.staticImports
    .map(({ moduleRequest }) => moduleRequest.value)
    .filter((path) => path.startsWith('.'))
    .map((path) => relative(root, join(root, dirname(name), path)));
  const source: Source = { name, imports, classes: [], strings: [] };
  const visit = (node: unknown, isClass: boolean) => {
    if (Array.isArray(node)) for (const one of node) visit(one, isClass);
    if (typeof node !== 'object' || node === null || Array.isArray(node)) return;
    const { type, name: attribute, key, left, value } = node as Node;
    const said = type === 'TemplateElement' ? (value as { raw: string }).raw : type === 'Literal' ? value : undefined;
    if (typeof said === 'string') {
      const words = said.split(/\s+/).filter(Boolean);
      source.strings.push(...words);
      if (isClass) source.classes.push(...words);
    }
    const isNamed = [attribute, key, left].some((one) => one?.name === 'className');
    for (const part of Object.values(node)) visit(part, isClass || isNamed);
  };
  visit(program, false);
  return source;
}

interface Node {
  type?: string;
  name?: { name?: string };
  key?: { name?: string };
  left?: { name?: string };
  value?: unknown;
}
