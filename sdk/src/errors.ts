import type { FieldProblem, Problem } from './api-types.ts';

/** What the service calls its refusals and failures: the end of a problem's `type`. */
export type KnownProblemCode =
  | 'changed-meanwhile'
  | 'cursor-expired'
  | 'data-mismatch'
  | 'event-expired'
  | 'headers-too-large'
  | 'idempotency-conflict'
  | 'incomplete-body'
  | 'internal'
  | 'invalid-cursor'
  | 'invalid-json'
  | 'invalid-request'
  | 'invalid-secret'
  | 'invalid-tenant'
  | 'invalid-utf8'
  | 'malformed-request'
  | 'missing-scope'
  | 'no-body'
  | 'not-found'
  | 'other-tenant'
  | 'over-capacity'
  | 'over-quota'
  | 'payload-deleted'
  | 'platform-key-needed'
  | 'precondition-failed'
  | 'request-timeout'
  | 'second-factor-locked'
  | 'second-factor-needed'
  | 'second-factor-not-enrolled'
  | 'second-factor-wrong'
  | 'tenant-erased'
  | 'too-deep'
  | 'too-large'
  | 'too-many-api-keys'
  | 'too-many-brakes'
  | 'too-many-comparisons'
  | 'too-many-consumers'
  | 'too-many-endpoints'
  | 'too-many-event-types'
  | 'too-many-secrets'
  | 'unauthorized'
  | 'unavailable'
  | 'unknown-event-type'
  | 'unknown-path'
  | 'unsupported-media-type'
  | 'wrong-host'
  | 'wrong-method'
  | 'wrong-state';

/** A later service may have more of them. `unexplained`: an answer that is not the service's, of a proxy for example. */
export type ProblemCode = KnownProblemCode | 'unexplained' | (string & {});

/** Every error that a call can end with, but for a `TypeError` (a call that could never work) and your own abort. */
export abstract class PostriderError extends Error {}

/** The service answered, and did not do what was asked. The message says what to do. */
export class ApiError<Code extends ProblemCode = ProblemCode> extends PostriderError {
  override name = 'ApiError';
  /** For programs; it stays the same. */
  readonly code: Code;
  /** The HTTP status. */
  readonly status: number;
  /** One for each field that must change; empty where it is about no field. */
  readonly fields: readonly FieldProblem[];
  /** Names the call in the service's log. */
  readonly requestId: string | undefined;
  /** After how many seconds the same call is good again, where the service says so. */
  readonly retryAfterSeconds: number | undefined;
  /** The whole answer, as the service wrote it. */
  readonly problem: Problem;

  constructor(
    problem: Problem,
    about: { requestId?: string | undefined; retryAfterSeconds?: number | undefined } = {},
  ) {
    super(`${problem.status} ${codeOf(problem)}: ${problem.detail}`);
    this.code = codeOf(problem) as Code;
    this.status = problem.status;
    this.fields = problem.errors ?? [];
    this.requestId = about.requestId ?? problem.instance?.split('/').at(-1);
    this.retryAfterSeconds = about.retryAfterSeconds;
    this.problem = problem;
  }
}

function codeOf({ type }: Problem): string {
  return type.split('/').at(-1) || 'unexplained';
}

/** No answer came: the network, or a name that does not resolve. `cause` says more. */
export class ConnectionError extends PostriderError {
  override name = 'ConnectionError';
}

/** No answer came in time. Whether the call was carried out is not known. */
export class TimeoutError extends PostriderError {
  override name = 'TimeoutError';
}

/**
 * Is it a refusal or a failure that the service explained, and one of these?
 * @param codes none: any of them
 */
export function isApiError<Code extends KnownProblemCode | 'unexplained'>(
  error: unknown,
  ...codes: readonly Code[]
): error is ApiError<Code> {
  return error instanceof ApiError && (codes.length === 0 || (codes as readonly string[]).includes(error.code));
}
