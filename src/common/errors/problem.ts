import { STATUS_CODES } from 'node:http';
import { HttpException } from '@nestjs/common';
import { isCollision } from '../../database/collision.js';
import { isDatabaseUnavailable, isReferenceGone } from './database-failure.js';
import { DomainError, type ErrorKind, type InputFault } from './domain.error.js';

/** The body of every error answer (RFC 9457). */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: string;
  readonly trace_id: string;
  readonly errors?: readonly InputFault[];
}

const STATUS_OF_KIND: Readonly<Record<ErrorKind, number>> = {
  invalid: 400,
  unauthorized: 401,
  forbidden: 403,
  not_found: 404,
  conflict: 409,
  too_large: 413,
  too_many: 429,
  unavailable: 503,
};

const CODE_OF_STATUS: Readonly<Record<number, string>> = {
  400: 'MALFORMED_REQUEST',
  404: 'ROUTE_NOT_FOUND',
  413: 'BODY_TOO_LARGE',
  415: 'UNSUPPORTED_MEDIA_TYPE',
};

// The contract knows 400 for whatever is wrong with the request itself.
const ANSWERED_AS_400: ReadonlySet<number> = new Set([415, 422]);

/** Whether nobody foresaw the failure: a bug, to be logged with its stack. */
export function isUnexpected(error: unknown): boolean {
  if (error instanceof HttpException) return error.getStatus() >= 500;
  return !(error instanceof DomainError) && !isDatabaseUnavailable(error);
}

/** Maps any failure to what the client is told. Nothing of an unexpected one leaves the server but the trace id. */
export function toProblem(error: unknown, traceId: string): Problem {
  if (error instanceof DomainError) return domainProblem(error, traceId);
  if (error instanceof HttpException && error.getStatus() < 500) return httpProblem(error, traceId);
  if (isDatabaseUnavailable(error)) {
    return problem(503, 'DATABASE_UNAVAILABLE', 'The database does not answer; try again shortly', traceId);
  }
  if (isCollision(error)) return problem(503, 'COLLISION', 'Another change stood in the way; try again', traceId);
  if (isReferenceGone(error)) {
    return problem(409, 'REFERENCE_GONE', 'Something that this refers to has just been removed', traceId);
  }
  return problem(500, 'INTERNAL_ERROR', 'An unexpected error occurred', traceId);
}

export function problem(
  status: number,
  code: string,
  detail: string,
  traceId: string,
  errors: readonly InputFault[] = [],
): Problem {
  const title = STATUS_CODES[status] ?? 'Error';
  return {
    type: 'about:blank',
    title,
    status,
    detail,
    code,
    trace_id: traceId,
    ...(errors.length > 0 && { errors }),
  };
}

function domainProblem(error: DomainError, traceId: string): Problem {
  return problem(STATUS_OF_KIND[error.kind], error.code, error.message, traceId, error.faults);
}

function httpProblem(error: HttpException, traceId: string): Problem {
  const status = error.getStatus();
  return problem(ANSWERED_AS_400.has(status) ? 400 : status, codeOf(status), error.message, traceId);
}

function codeOf(status: number): string {
  return CODE_OF_STATUS[status] ?? (STATUS_CODES[status] ?? 'ERROR').toUpperCase().replace(/[^A-Z]+/g, '_');
}
