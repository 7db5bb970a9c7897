import { STATUS_CODES } from 'node:http';
import { RequestError } from '../domain/errors.ts';
import type { ApiResponse } from './exchange.ts';
import type { Problem } from './schemas/problem.ts';

export interface FieldError {
  /** Where it is: `events[0]`, `project.id`, a query parameter's or a header's name. */
  field: string;
  /** A sentence that says what to do. */
  message: string;
}

const MAX_ERRORS = 20;

/** Fields of the request that the caller must change: 422 in a body, 400 in a query or a header. */
export class InvalidRequest extends RequestError {
  override name = 'InvalidRequest';
  readonly errors: readonly FieldError[];

  constructor(status: 400 | 422, errors: readonly FieldError[]) {
    super(status, 'invalid-request', summarize(errors));
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
  return {
    problem: {
      type: `/problems/${error.code}`,
      title: STATUS_CODES[error.status] ?? 'Error',
      status: error.status,
      detail: error.message,
      ...(error instanceof InvalidRequest && { errors: [...error.errors] }),
    },
    headers: {
      ...(error.status === 401 && { 'www-authenticate': 'Bearer' }),
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
