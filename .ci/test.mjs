// `npm test`: format, lint, types and build run beside the unit and server tests; the end-to-end tests follow. The
// first failure stops the others. At the end it prints how long each part took.
import { spawn } from 'node:child_process';

const took = [];
const failed = new AbortController();

/** Runs a command. Its output appears at once, or at the end if another part prints at the same time. */
async function run(name, command, { isQuiet = false } = {}) {
  const started = Date.now();
  const child = spawn(command, {
    shell: true,
    stdio: ['ignore', isQuiet ? 'pipe' : 'inherit', isQuiet ? 'pipe' : 'inherit'],
    detached: true,
  });
  const end = () => {
    try {
      process.kill(-child.pid, 'SIGTERM');
    } catch {
      // It has ended by itself.
    }
  };
  failed.signal.addEventListener('abort', end);
  process.once('SIGINT', end);
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => (said += chunk));
  const code = await new Promise((resolve) => child.once('close', resolve));
  took.push([name, Date.now() - started]);
  if (said.trim()) process.stdout.write(`\n> ${name}\n${said.trim()}\n`);
  if (code === 0 || failed.signal.aborted) return;
  process.stdout.write(`\n${name} failed.\n`);
  process.exitCode = 1;
  failed.abort();
}

const started = Date.now();
await Promise.all([
  run('unit and server', 'npx vitest run'),
  (async () => {
    for (const [name, command] of [
      ['lint', 'npm run --silent lint'],
      ['types', 'npm run --silent typecheck'],
      ['build', 'npm run --silent build -- --logLevel error'],
    ])
      if (!failed.signal.aborted) await run(name, command, { isQuiet: true });
  })(),
]);
if (!failed.signal.aborted) await run('end-to-end', 'npx playwright test -c e2e');
const seconds = (time) => `${Math.round(time / 1_000)} s`;
process.stdout.write(
  `\n${took.map(([name, time]) => `${name} ${seconds(time)}`).join(', ')}; in all ${seconds(Date.now() - started)}\n`,
);
