import type { FastifyError } from 'fastify';
import { ApiError } from '#contract/wire/errors';
import { isBusy } from '../database/busy.ts';
import { threadEnded, tookTooLong } from '../database/sqlite-thread.ts';

/** The database is busy, starting, stopping, not reachable, or a statement took too long. */
const unreachable = new Set([
  threadEnded,
  tookTooLong,
  // The disk or the memory is full, or there are too many connections.
  'SQLITE_FULL',
  '53000',
  '53100',
  '53200',
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  // PostgreSQL closed the connection, or a wait timed out: a lock, an idle transaction.
  '08003',
  '08006',
  '25P03',
  '55P03',
  '57P01',
  '57P02',
  '57P03',
  '53300',
  // A statement took longer than it may.
  '57014',
  // It gave way to other transactions as often as it may.
  '40001',
  '40P01',
]);

/** Messages of the driver (they have no code) for a lost connection or a timeout while connecting. */
const withoutConnection =
  /^(Connection terminated|Client has encountered a connection error|timeout exceeded when trying to connect)/;

/** The error that the caller receives. */
export function asApiError(thrown: unknown): ApiError {
  if (thrown instanceof ApiError) return thrown;
  const { code = '', message, statusCode } = thrown as Partial<FastifyError>;
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE') return new ApiError('bodyTooLarge');
  if (unreachable.has(code) || isBusy(thrown) || withoutConnection.test(message ?? ''))
    return new ApiError('unavailable', [], { retryAfter: 5 });
  if (statusCode && statusCode < 500) return new ApiError('validation', [{ path: [], name: 'malformed' }]);
  return new ApiError('internal');
}
