import type { Issue } from './issue.ts';

/**
 * The complete list of errors. `statusCode` and `apiCode` follow GenAuth's table
 * (https://docs.genauth.ai, error codes). An error without a published code has no `apiCode`.
 */
export const errors = {
  validation: { statusCode: 400 },
  badSignature: { statusCode: 401, apiCode: 1300 },
  signatureMethod: { statusCode: 401, apiCode: 1301 },
  signatureVersion: { statusCode: 401, apiCode: 1302 },
  dateMalformed: { statusCode: 401, apiCode: 1303 },
  dateMissing: { statusCode: 401, apiCode: 1304 },
  dateSkewed: { statusCode: 401, apiCode: 1305 },
  nonceReused: { statusCode: 401, apiCode: 1306 },
  unauthenticated: { statusCode: 401, apiCode: 2020 },
  wrongSecret: { statusCode: 401, apiCode: 2333 },
  wrongPassword: { statusCode: 401, apiCode: 2333 },
  wrongOwnPassword: { statusCode: 401, apiCode: 2333 },
  codeRequired: { statusCode: 401 },
  wrongCode: { statusCode: 401 },
  invitationNotFound: { statusCode: 404 },
  providerRefused: { statusCode: 401 },
  forbidden: { statusCode: 403, apiCode: 1001 },
  crossSite: { statusCode: 403 },
  notFound: { statusCode: 404 },
  userNotFound: { statusCode: 404, apiCode: 2004 },
  roleNotFound: { statusCode: 404 },
  groupNotFound: { statusCode: 404 },
  departmentNotFound: { statusCode: 404 },
  organizationNotFound: { statusCode: 404 },
  namespaceNotFound: { statusCode: 404 },
  tenantNotFound: { statusCode: 404 },
  fieldNotFound: { statusCode: 404 },
  keyReserved: { statusCode: 409 },
  keyTaken: { statusCode: 409 },
  codeTaken: { statusCode: 409 },
  valueTaken: { statusCode: 409 },
  duplicatesBlockUnique: { statusCode: 409 },
  planMoved: { statusCode: 409 },
  planNeeded: { statusCode: 409 },
  planUndone: { statusCode: 409 },
  planNotFound: { statusCode: 404 },
  versionChanged: { statusCode: 412 },
  bodyTooLarge: { statusCode: 413 },
  dataTypeFixed: { statusCode: 422 },
  encryptedFixed: { statusCode: 422 },
  uniqueNotPossible: { statusCode: 422 },
  fieldUndefined: { statusCode: 422 },
  tooManyFields: { statusCode: 422 },
  tooManyOptions: { statusCode: 422 },
  answerTooLarge: { statusCode: 422 },
  hasChildren: { statusCode: 422 },
  hasRoles: { statusCode: 422 },
  tooManyRequests: { statusCode: 429 },
  unsupported: { statusCode: 501 },
  unavailable: { statusCode: 503 },
  internal: { statusCode: 500 },
} as const satisfies Record<string, { statusCode: number; apiCode?: number }>;

export type ErrorName = keyof typeof errors;

/** A named error. Services throw it, the server sends it as the envelope, and the console throws it again. */
export class ApiError extends Error {
  readonly issues: Issue[];
  readonly details: { requestId?: string; current?: unknown; retryAfter?: number };

  constructor(
    override readonly name: ErrorName,
    issues: Issue[] = [],
    details: { requestId?: string; current?: unknown; retryAfter?: number; message?: string } = {},
  ) {
    super(details.message ?? name);
    this.issues = issues;
    this.details = details;
  }
}
