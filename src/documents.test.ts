import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';

// Checks that the files, links and commands in README and docs exist, and the path of one edit.

const root = join(import.meta.dirname, '..');
const read = (name: string) => readFileSync(join(root, name), 'utf8');
const documents = ['README.md', 'CHANGELOG.md', ...['docs', '.github'].flatMap(markdownIn)];
const sources = ['src', 'e2e', '.ci', 'docs', '.github'].flatMap(filesIn);

function filesIn(folder: string): string[] {
  const names = readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' });
  return names.map((name) => join(folder, name));
}
function markdownIn(folder: string): string[] {
  return filesIn(folder).filter((name) => name.endsWith('.md'));
}

describe.each(documents)('%s', (name) => {
  const text = read(name);

  it('names files that exist', () => {
    const said = [...text.matchAll(/`([\w./-]+\.(?:tsx?|md|css|json|mjs))`/g)].map(([, path = '']) => path);
    const made = new Set(['users.json', 'kept.json', 'openapi.json', 'package.json', 'index.html']);
    const gone = said.filter((path) => !made.has(path) && !sources.some((one) => `/${one}`.endsWith(`/${path}`)));
    expect(gone).toEqual([]);
  });

  it('links to existing places', () => {
    const links = [...text.matchAll(/\]\((?!https?:)([^)#]+)/g)].map(([, link = '']) => link);
    expect(links.filter((link) => !existsSync(join(root, dirname(name), link)))).toEqual([]);
  });

  it('shows commands that a test runs, or that have a reason why none does', () => {
    const blocks = [...text.matchAll(/```sh\n([\s\S]*?)```/g)].map(([, block = '']) => block);
    const commands = blocks
      .flatMap((block) => block.split('\n'))
      .flatMap((line) => line.replace(/\s{2,}#.*$/, '').split(' && '));
    expect(commands.filter((command) => command.trim() && !isRun(command.trim()))).toEqual([]);
  });
});

const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
const suites = sources
  .filter((name) => /^e2e.[\w-]+(\.spec)?\.ts$/.test(name))
  .map(read)
  .join('\n');

/** Commands that the tests don't run, and the reason. */
const excused: [RegExp, string][] = [
  [/^npm ci$/, '.ci/run begins with it'],
  [/^npm test$/, '.ci/run ends with it'],
  [/^npm start$/, 'it is dist/server/main.js, as each end-to-end test starts it'],
  [/^npm run build$/, 'npm test builds before the end-to-end tests'],
  [/^npm run dev$/, 'it watches files until it is ended'],
  [/^export \w+=/, 'it sets what the next lines read'],
];

function isRun(command: string): boolean {
  if (excused.some(([pattern]) => pattern.test(command))) return true;
  const [, ours] = /^npm run (?:--silent )?fieldbook -- ([\w-]+)/.exec(command) ?? [];
  if (ours) return suites.includes(`'${ours}'`);
  const [, script = ''] = /^npm run ([\w:]+)/.exec(command) ?? [];
  if (script) return script in scripts && suites.includes(`'${script}'`);
  const [, file] = /^npx (?:vitest run|playwright test).* ([\w./-]+\.ts)$/.exec(command) ?? [];
  return file !== undefined && sources.some((name) => name.endsWith(file));
}

describe('the path of one edit', () => {
  const steps = [...read('docs/developing.md').matchAll(/^\d+\. `([^`]+)`/gm)].map(([, path = '']) => path);

  it('has nine files at most, each of which imports the next one, except across HTTP', () => {
    expect(steps.length).toBeGreaterThan(5);
    expect(steps.length).toBeLessThanOrEqual(9);
    for (const [index, path] of steps.entries()) {
      const next = steps[index + 1];
      if (!next || path.split('/')[1] !== next.split('/')[1]) continue;
      const link = relative(dirname(path), next);
      const said = read(path);
      // app.ts passes the handlers to route.ts.
      if (path.endsWith('http/route.ts')) {
        expect(read('src/server/app.ts')).toContain('./plans/handlers.ts');
        continue;
      }
      expect(said, path).toContain(`'${link.startsWith('.') ? link : `./${link}`}'`);
    }
  });
});
