import type { FastifyRequest } from 'fastify';
import { ApiError } from '#contract/wire/errors';
import type { Server } from '../context.ts';

// What the headers of a request from the console say.

/** The first value of a header without spaces around it. Undefined if it is missing or empty. */
export function textOf(header: string | string[] | undefined): string | undefined {
  return (Array.isArray(header) ? header[0] : header)?.trim() || undefined;
}

/** The account that the console's tab was loaded for. */
export const tabAccount = (request: FastifyRequest): string | undefined =>
  textOf(request.headers['x-fieldbook-account']);

/** The role that the caller views as. */
export const viewing = (request: FastifyRequest): string | undefined => textOf(request.headers['x-fieldbook-view-as']);

/**
 * Refuses a browser's request with our cookie from another site. Every POST of a browser has one of the two headers.
 */
export function refuseCrossSite(server: Server, request: FastifyRequest): void {
  const site = textOf(request.headers['sec-fetch-site']);
  const origin = textOf(request.headers.origin);
  const own = server.config.publicUrl ? new URL(server.config.publicUrl).host : request.host;
  const sameOrigin = origin
    ? hostOf(origin) === own
    : site === 'same-origin' || (request.method === 'GET' && site !== 'cross-site');
  if (!sameOrigin || (site && site !== 'same-origin' && site !== 'none')) throw new ApiError('crossSite');
}

function hostOf(origin: string): string | undefined {
  return URL.canParse(origin) ? new URL(origin).host : undefined;
}
