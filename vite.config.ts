import { readdir, readFile, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import react from '@vitejs/plugin-react';
import type { Plugin } from 'vite';
import { defineConfig } from 'vitest/config';
import { wantsPostgres } from './src/server/testing/postgres.ts';

export default defineConfig(({ isSsrBuild }) =>
  isSsrBuild
    ? {
        publicDir: false,
        build: {
          ssr: true,
          target: 'node20',
          outDir: 'dist/server',
          rolldownOptions: {
            input: {
              main: 'src/server/main.ts',
              'sqlite-worker': 'src/server/database/sqlite-worker.ts',
              'parsing-worker': 'src/server/http/parsing-worker.ts',
              'judging-worker': 'src/server/fields/judging-worker.ts',
            },
            output: { entryFileNames: '[name].js', chunkFileNames: '[name].js' },
          },
        },
      }
    : {
        plugins: [react(), withoutSummaries(), precompress('dist/console')],
        // The server writes a nonce here for each response (src/server/http/spa.ts).
        html: { cspNonce: '__NONCE__' },
        build: {
          outDir: 'dist/console',
          emptyOutDir: true,
          target: 'es2022',
          reportCompressedSize: false,
          // One file of a few kilobytes: split, each small part would be a request of its own.
          cssCodeSplit: false,
        },
        server: { port: 4601, proxy: { '/api': 'http://127.0.0.1:4600' } },
        test: {
          // A test often waits: for other threads, for PostgreSQL, for a limit of time. One worker more than cores fills the gaps.
          maxWorkers: availableParallelism() + 1,
          projects: [
            {
              test: {
                name: 'contract',
                include: ['src/*.test.ts', 'src/{contract,console}/**/*.test.ts'],
                isolate: false,
              },
            },
            serverTests('sqlite'),
            ...(wantsPostgres() ? [serverTests('postgres')] : []),
          ],
        },
      },
);

/**
 * The server's tests run once per database. Without PostgreSQL, its half is skipped and testing/postgres.ts prints a
 * message. A worker loads the server once, not again for each file.
 */
function serverTests(engine: 'sqlite' | 'postgres') {
  const same = ['config', 'http/json', 'http/bodies', 'http/connections', 'http/signature'].map(
    (name) => `src/server/${name}.test.ts`,
  );
  return {
    test: {
      name: engine,
      include: ['src/server/**/*.test.ts'],
      // Tests that don't depend on the database run once.
      ...(engine === 'postgres' && { exclude: same, globalSetup: ['src/server/testing/postgres.ts'] }),
      isolate: false,
      env: { FIELDBOOK_TEST_ENGINE: engine },
      testTimeout: 30_000,
      hookTimeout: 60_000,
    },
  };
}

/** Removes the endpoints' summaries: only OpenAPI, which the server makes, needs them. */
function withoutSummaries(): Plugin {
  return {
    name: 'without-summaries',
    enforce: 'pre',
    apply: 'build',
    transform: (code, id) =>
      id.includes('/contract/endpoints/') ? code.replace(/^ *summary:\s*'[^']*',$/gm, "summary: '',") : undefined,
  };
}

/** Writes .br and .gz beside every text asset, so that the server needn't compress. */
function precompress(folder: string): Plugin {
  return {
    name: 'precompress',
    apply: 'build',
    async closeBundle() {
      const files = await readdir(folder, { recursive: true });
      const texts = files.filter((file) => /\.(js|css|svg)$/.test(file));
      await Promise.all(
        texts.map(async (file) => {
          const path = join(folder, file);
          const content = await readFile(path);
          const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: content.length };
          await writeFile(`${path}.br`, await promisify(brotliCompress)(content, { params }));
          await writeFile(`${path}.gz`, await promisify(gzip)(content, { level: 9 }));
        }),
      );
    },
  };
}
