import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { type ResourceLimits, Worker } from 'node:worker_threads';

/**
 * Starts the worker next to a module (its `import.meta.url`). In the build, the worker is a file. From source, esbuild
 * bundles it into one script first.
 */
export function startWorker(
  beside: string,
  name: string,
  workerData: unknown,
  resourceLimits: ResourceLimits = {},
): Worker {
  const settings = { workerData, resourceLimits };
  if (!beside.endsWith('.ts')) return new Worker(new URL(`${name}.js`, beside), settings);
  return new Worker(scriptOf(fileURLToPath(new URL(`${name}.ts`, beside))), { ...settings, eval: true, execArgv: [] });
}

const scripts = new Map<string, string>();

/** A worker and its local imports as one script. It is built once per process, because tests start hundreds. */
function scriptOf(entry: string): string {
  const known = scripts.get(entry);
  if (known !== undefined) return known;
  const { buildSync }: typeof import('esbuild') = createRequire(import.meta.url)('esbuild');
  const made = buildSync({
    entryPoints: [entry],
    bundle: true,
    packages: 'external',
    platform: 'node',
    format: 'cjs',
    sourcemap: 'inline',
    write: false,
  });
  const script = made.outputFiles[0]?.text ?? '';
  scripts.set(entry, script);
  return script;
}
