import { type ResourceLimits, Worker } from 'node:worker_threads';

/**
 * Starts the worker that lies beside a module (its `import.meta.url`). In the built program it is a file beside the
 * others; from source, tsx reads the TypeScript.
 */
export function startWorker(
  beside: string,
  name: string,
  workerData: unknown,
  resourceLimits: ResourceLimits = {},
): Worker {
  if (!beside.endsWith('.ts')) return new Worker(new URL(`${name}.js`, beside), { workerData, resourceLimits });
  const entry = JSON.stringify(new URL(`${name}.ts`, beside).href);
  return new Worker(`import('tsx/esm/api').then(({ tsImport }) => tsImport(${entry}, ${entry}))`, {
    eval: true,
    workerData,
    resourceLimits,
  });
}
