import type { FastifyError } from 'fastify';
import { ApiError } from '#contract/wire/errors';
import { threadEnded } from '../database/sqlite.ts';

/** The database is busy, starting, ending or not there. */
const unreachable = new Set([
  'SQLITE_BUSY',
  threadEnded,
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  // PostgreSQL ends the connection, or was waited for in vain: a lock, an idle transaction.
  '08003',
  '08006',
  '25P03',
  '55P03',
  '57P01',
  '57P02',
  '57P03',
  '53300',
  // It gave way to others as often as it may.
  '40001',
  '40P01',
]);

/** What the driver says, without a code, of a connection that is gone or that didn't come in time. */
const withoutConnection =
  /^(Connection terminated|Client has encountered a connection error|timeout exceeded when trying to connect)/;

/** What went wrong, as callers are told. */
export function asApiError(thrown: unknown): ApiError {
  if (thrown instanceof ApiError) return thrown;
  const { code = '', message, statusCode } = thrown as Partial<FastifyError>;
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE') return new ApiError('bodyTooLarge');
  if (unreachable.has(code) || withoutConnection.test(message ?? ''))
    return new ApiError('unavailable', [], { retryAfter: 5 });
  if (statusCode && statusCode < 500) return new ApiError('validation', [{ path: [], name: 'malformed' }]);
  return new ApiError('internal');
}
