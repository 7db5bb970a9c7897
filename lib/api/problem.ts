import { STATUS_CODES } from 'node:http';
import { type ErrorCode, RequestError } from '../domain/errors.ts';
import type { ApiResponse } from './exchange.ts';
import type { Problem } from './schemas/problem.ts';

export interface FieldError {
  /** Where it is: `events[0]`, `project.id`, a query parameter's or a header's name. */
  field: string;
  /** A sentence that says what to do. */
  message: string;
}

const MAX_ERRORS = 20;

/** The HTTP status of each refusal. */
const STATUS_OF: Readonly<Record<ErrorCode, number>> = {
  'event-expired': 410,
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
  'over-quota': 429,
  'platform-key-needed': 403,
  'too-deep': 422,
  'too-large': 413,
  'too-many-brakes': 409,
  'too-many-endpoints': 422,
  unauthorized: 401,
  'unknown-path': 404,
  'unsupported-media-type': 415,
  'wrong-method': 405,
  'wrong-state': 409,
};

export function statusOf(error: RequestError): number {
  return error instanceof InvalidRequest ? error.status : STATUS_OF[error.code];
}

/** Fields of the request that the caller must change: 422 in a body, 400 in a query or a header. */
export class InvalidRequest extends RequestError {
  override name = 'InvalidRequest';
  readonly status: 400 | 422;
  readonly errors: readonly FieldError[];

  constructor(status: 400 | 422, errors: readonly FieldError[]) {
    super('invalid-request', summarize(errors));
    this.status = status;
    this.errors = errors.slice(0, MAX_ERRORS);
  }
}

function summarize(errors: readonly FieldError[]): string {
  const first = errors[0]?.message ?? 'The request can’t be read; see GET /v1/openapi.json.';
  return errors.length > 1 ? `${first} (And ${errors.length - 1} more: see errors.)` : first;
}

/** A problem, and the headers of an answer that is about nothing else. */
export interface Explained {
  problem: Problem;
  headers?: Record<string, string>;
}

/** What the caller must change. */
export function refusal(error: RequestError): Explained {
  const status = statusOf(error);
  return {
    problem: {
      type: `/problems/${error.code}`,
      title: STATUS_CODES[status] ?? 'Error',
      status,
      detail: error.message,
      ...(error instanceof InvalidRequest && { errors: [...error.errors] }),
    },
    headers: {
      ...(status === 401 && { 'www-authenticate': 'Bearer' }),
      ...(error.retryAfterSeconds !== undefined && { 'retry-after': String(error.retryAfterSeconds) }),
    },
  };
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

/** @param requestId names the failure in the log */
export function internalError(requestId: string): Explained {
  return {
    problem: {
      type: '/problems/internal',
      title: 'Internal Server Error',
      status: 500,
      detail: `Something failed on our side. If it stays so, report the request id ${requestId}.`,
      instance: `/requests/${requestId}`,
    },
  };
}

export function problemAnswer({ problem, headers }: Explained): ApiResponse {
  return {
    status: problem.status,
    headers: { 'content-type': 'application/problem+json', 'cache-control': 'no-store', ...headers },
    body: JSON.stringify(problem),
  };
}
