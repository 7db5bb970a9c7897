import { STATUS_CODES } from 'node:http';
import { type ErrorCode, FieldRefusal, type RequestError } from '../../domain/errors.ts';
import { type FieldError, InvalidRequest } from './invalid-request.ts';
import type { Problem } from './problem-schema.ts';
import type { ApiResponse } from './request-response.ts';
import { WrongMethod } from './wrong-method.ts';

/** The HTTP status of each refusal. */
const STATUS_OF: Readonly<Record<ErrorCode, number>> = {
  'changed-meanwhile': 409,
  'cursor-expired': 410,
  'data-mismatch': 422,
  'event-expired': 410,
  'headers-too-large': 431,
  'idempotency-conflict': 409,
  'incomplete-body': 400,
  'invalid-cursor': 400,
  'invalid-json': 400,
  'invalid-request': 422,
  'invalid-secret': 422,
  'invalid-tenant': 400,
  'invalid-utf8': 400,
  'malformed-request': 400,
  'missing-scope': 403,
  'no-body': 400,
  'not-found': 404,
  'other-tenant': 403,
  'over-capacity': 429,
  'over-quota': 429,
  'payload-deleted': 409,
  'platform-key-needed': 403,
  'precondition-failed': 412,
  'request-timeout': 408,
  'second-factor-locked': 403,
  'second-factor-needed': 403,
  'second-factor-not-enrolled': 403,
  'second-factor-wrong': 403,
  'tenant-erased': 410,
  'too-deep': 422,
  'too-large': 413,
  'too-many-api-keys': 422,
  'too-many-brakes': 409,
  'too-many-comparisons': 422,
  'too-many-consumers': 422,
  'too-many-endpoints': 422,
  'too-many-event-types': 422,
  'too-many-secrets': 409,
  unauthorized: 401,
  'unknown-event-type': 422,
  'unknown-path': 404,
  'unsupported-media-type': 415,
  'wrong-host': 421,
  'wrong-method': 405,
  'wrong-state': 409,
};

/** @returns the HTTP status of a refusal; that of `invalid-request` is the one for a body */
export function statusOfCode(code: ErrorCode): number {
  return STATUS_OF[code];
}

/** @returns the HTTP status. Invalid fields of a body are a 422, those of a query or a header a 400 */
export function statusOf(error: RequestError): number {
  if (error instanceof InvalidRequest && error.part !== 'body') return 400;
  return statusOfCode(error.code);
}

/** A problem, and the headers of an answer that is about nothing else. */
export interface Explained {
  problem: Problem;
  headers?: Record<string, string>;
}

/** What the caller must change. */
export function refusal(error: RequestError): Explained {
  const status = statusOf(error);
  const errors = fieldsOf(error);
  return {
    problem: {
      type: `/problems/${error.code}`,
      title: STATUS_CODES[status] ?? 'Error',
      status,
      detail: error.message,
      ...(errors && { errors }),
    },
    headers: {
      ...(status === 401 && { 'www-authenticate': 'Bearer' }),
      ...(error instanceof WrongMethod && { allow: error.allow }),
      ...(error.retryAfterSeconds !== undefined && { 'retry-after': String(error.retryAfterSeconds) }),
    },
  };
}

function fieldsOf(error: RequestError): FieldError[] | undefined {
  if (error instanceof FieldRefusal) return [{ field: error.field, message: error.message }];
  return error instanceof InvalidRequest ? [...error.errors] : undefined;
}

const RETRY_AFTER_FAULT_SECONDS = 5;

/** Something of ours that may pass: the same request is good later. */
export function unavailable(): Explained {
  return {
    problem: {
      type: '/problems/unavailable',
      title: 'Service Unavailable',
      status: 503,
      detail: 'The service can’t do this right now. Send the same request again, later.',
    },
    headers: { 'retry-after': String(RETRY_AFTER_FAULT_SECONDS) },
  };
}

export function internalError(): Explained {
  return {
    problem: {
      type: '/problems/internal',
      title: 'Internal Server Error',
      status: 500,
      detail: 'Something failed on our side. If it keeps failing, report the request id in the header `X-Request-Id`.',
    },
  };
}

/** A problem that says which request it is about. */
export function named(problem: Problem, requestId: string): Problem {
  return { ...problem, instance: `/requests/${requestId}` };
}

/** @param requestId names the request in the log */
export function problemAnswer({ problem, headers }: Explained, requestId: string): ApiResponse {
  return {
    status: problem.status,
    headers: { 'content-type': 'application/problem+json', 'cache-control': 'no-store', ...headers },
    body: JSON.stringify(named(problem, requestId)),
  };
}
