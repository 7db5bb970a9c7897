/**
 * Something of ours failed or is overloaded (the store, a queue, the key service): nobody's attempt is counted and the
 * work comes again later (protocol C7). Adapters throw it for every failure that may pass.
 */
export class ServiceFault extends Error {
  override name = 'ServiceFault';
}

/** A queue refused to hide a message for this long; a shorter time may pass. */
export class VisibilityLimitError extends ServiceFault {
  override name = 'VisibilityLimitError';
}

/** What the caller must change; `status` is the HTTP status of the answer and `message` says what to do. */
export class RequestError extends Error {
  override name = 'RequestError';
  readonly status: number;
  /** A stable word for programs, kebab-case: it becomes the problem's `type`. */
  readonly code: string;
  readonly retryAfterSeconds: number | undefined;

  constructor(status: number, code: string, message: string, retryAfterSeconds?: number) {
    super(message);
    this.status = status;
    this.code = code;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

export function notFound(what: string): RequestError {
  return new RequestError(404, 'not-found', `No such ${what}. Check the id, and that the key belongs to its tenant.`);
}
