// The errors that cross layers: faults of our own, and requests that the caller must change.

/**
 * Something of ours (the store, a queue, the key service) failed or is overloaded. No customer's attempt is counted
 * (docs/delivery-states.md, invariant 3), and the work is done later. Adapters throw it for every failure that may
 * pass.
 */
export class ServiceFault extends Error {
  override name = 'ServiceFault';
}

/** A service asks to be called less. Log lines about it have a field of their own, which an alarm looks for. */
export class ThrottledFault extends ServiceFault {
  override name = 'ThrottledFault';
}

/** A queue refused to hide a message for this long. A shorter time may be accepted. */
export class VisibilityLimitError extends ServiceFault {
  override name = 'VisibilityLimitError';
}

/** Why a request is refused: a stable code for programs, which becomes the `type` of the problem answer (RFC 9457). */
export type ErrorCode =
  | 'changed-meanwhile'
  | 'cursor-expired'
  | 'data-mismatch'
  | 'event-expired'
  | 'headers-too-large'
  | 'idempotency-conflict'
  | 'incomplete-body'
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
  | 'unknown-event-type'
  | 'unknown-path'
  | 'unsupported-media-type'
  | 'wrong-host'
  | 'wrong-method'
  | 'wrong-state';

/** What the caller must change; `message` says how. Only the API knows which HTTP status a code has. */
export class RequestError extends Error {
  override name = 'RequestError';
  readonly code: ErrorCode;
  readonly retryAfterSeconds: number | undefined;

  constructor(code: ErrorCode, message: string, retryAfterSeconds?: number) {
    super(message);
    this.code = code;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

/** The same about one field of the body, where only who uses it can tell. */
export class FieldRefusal extends RequestError {
  override name = 'FieldRefusal';
  readonly field: string;

  constructor(code: ErrorCode, field: string, message: string) {
    super(code, message);
    this.field = field;
  }
}

/** Others change the same thing at the same moment, and win each time: the caller's call, not a fault. */
export function changedMeanwhile(what: string): RequestError {
  const why = `The ${what} is being changed by other calls at the same moment, so this one changed nothing.`;
  return new RequestError('changed-meanwhile', `${why} Send it again, and make its changes one after another.`, 1);
}

/** Under a policy that refuses what is not in the catalogue (docs/event-types.md). */
export function unknownEventType(type: string): RequestError {
  return new RequestError(
    'unknown-event-type',
    `\`type\`: ${type} is not in the catalogue. Correct it, or add it with \`POST /v1/event-types\`.`,
  );
}

export function notFound(what: string): RequestError {
  return new RequestError('not-found', `No such ${what}. Check the id, and that the key belongs to its tenant.`);
}

/** Nothing more is stored for a tenant that was erased, until its tombstone ends. */
export function tenantErased(): RequestError {
  const why = 'This tenant was erased, and its id stays taken for as long as the log is kept.';
  return new RequestError('tenant-erased', `${why} Use another id, or this one after that.`);
}
