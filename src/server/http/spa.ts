import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import statics from '@fastify/static';
import type { FastifyInstance } from 'fastify';

/** Vite writes this placeholder for the nonce (vite.config.ts). */
const placeholder = /__NONCE__/g;

/** The frame of the console (index.html). The sign-in page has another. */
const frame = /<div id="root">[\s\S]*<\/div>(?=\s*<\/body>)/;
const hasSession = /(^|[ ;])(__Host-)?fieldbook=./;

/** Serves the built console: precompressed hashed files for a year, and `index.html` with a new nonce each time. */
export async function serveConsole(app: FastifyInstance, folder: string): Promise<void> {
  const index = await readFile(join(folder, 'index.html'), 'utf8');
  const blank = index.replace(frame, '<div id="root"></div>');
  await app.register(statics, {
    root: folder,
    index: false,
    wildcard: false,
    preCompressed: true,
    cacheControl: false,
    globIgnore: ['**/*.br', '**/*.gz', 'index.html'],
    setHeaders: (response, path) => {
      const hashed = path.includes('/assets/');
      response.setHeader('cache-control', hashed ? 'public, max-age=31536000, immutable' : 'public, max-age=3600');
    },
  });
  app.get('/*', async (request, reply) => {
    if (request.url.startsWith('/api/') || request.url.startsWith('/assets/')) return reply.callNotFound();
    const nonce = randomBytes(16).toString('base64');
    return reply
      .header('content-security-policy', policy(nonce))
      .header('cache-control', 'no-store')
      .type('text/html; charset=utf-8')
      .send((hasSession.test(request.headers.cookie ?? '') ? index : blank).replace(placeholder, nonce));
  });
}

function policy(nonce: string): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    // antd adds its styles at run time.
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ');
}
