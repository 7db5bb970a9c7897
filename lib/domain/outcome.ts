/** Why a request had no usable answer. */
export type ErrorKind =
  | 'timeout'
  | 'dns'
  | 'refused'
  | 'reset'
  | 'tls'
  | 'blocked_address'
  | 'invalid_response'
  | 'redirect'
  | 'status'
  | 'network';

/** The result of one HTTP request: the customer's answer, or why there was none. Nothing is thrown. */
export type SendResult =
  | {
      kind: 'answer';
      statusCode: number;
      durationMs: number;
      /** The value of `Retry-After`, as received. */
      retryAfter?: string;
      /** The first bytes of the body, up to the request's limit. */
      body: Uint8Array;
    }
  | {
      kind: 'error';
      error: ErrorKind;
      /** For the customer: it says nothing about the inside of our network. */
      message: string;
      durationMs: number;
      /** For the operator's log only: the address that was refused. A customer could map a private network by it. */
      refusedAddress?: string;
    };

/** What an attempt's result means for the delivery and for its endpoint. */
export interface Outcome {
  success: boolean;
  statusCode?: number;
  errorKind?: ErrorKind;
  errorMessage?: string;
  durationMs: number;
  /** See {@link SendResult}: for the log only. */
  refusedAddress?: string;
  /** The customer asked us to wait at least this long; capped at 24 h. */
  retryAfterSeconds?: number;
  /** Counts for the circuit breaker: every failure but a 429. */
  countsForBreaker: boolean;
  /** The customer answered 410 Gone. */
  gone: boolean;
}

const RETRY_AFTER_LIMIT_SECONDS = 24 * 3600;
const MESSAGE_LIMIT = 80;

/**
 * Reads a result. Only 2xx is success; a redirect is a failure, because redirects are not followed.
 * @param now milliseconds since the Unix epoch
 */
export function readOutcome(result: SendResult, now: number): Outcome {
  if (result.kind === 'error') {
    return {
      success: false,
      errorKind: result.error,
      errorMessage: cut(result.message),
      durationMs: result.durationMs,
      ...(result.refusedAddress !== undefined && { refusedAddress: result.refusedAddress }),
      countsForBreaker: true,
      gone: false,
    };
  }
  const { statusCode, durationMs } = result;
  if (statusCode >= 200 && statusCode < 300) {
    return { success: true, statusCode, durationMs, countsForBreaker: false, gone: false };
  }
  const retryAfterSeconds = readRetryAfter(result.retryAfter, now);
  return {
    success: false,
    statusCode,
    errorKind: statusCode >= 300 && statusCode < 400 ? 'redirect' : 'status',
    errorMessage: describeStatus(statusCode),
    durationMs,
    ...(retryAfterSeconds !== undefined && { retryAfterSeconds }),
    countsForBreaker: statusCode !== 429,
    gone: statusCode === 410,
  };
}

/** 4xx answers that say nothing about other requests: not allowed, not there, too late, too many. */
const NOT_REFUSALS: ReadonlySet<number> = new Set([401, 403, 404, 408, 410, 429]);

/** A server that works has answered, and does not take this request: a 4xx for its content. */
export function isRefusal({ statusCode = 0 }: Pick<Outcome, 'statusCode'>): boolean {
  return statusCode >= 400 && statusCode < 500 && !NOT_REFUSALS.has(statusCode);
}

function describeStatus(statusCode: number): string {
  if (statusCode >= 300 && statusCode < 400) return `answered ${statusCode}: redirects are not followed`;
  return `answered ${statusCode}`;
}

/** Seconds or an HTTP date (RFC 9110, 10.2.3), as whole seconds from now, at most 24 h; undefined for anything else. */
export function readRetryAfter(value: string | undefined, now: number): number | undefined {
  const text = value?.trim();
  if (!text) return undefined;
  const seconds = /^\d+$/.test(text) ? Number(text) : Math.ceil((httpDate(text) - now) / 1000);
  if (!Number.isFinite(seconds)) return undefined;
  return Math.min(Math.max(seconds, 0), RETRY_AFTER_LIMIT_SECONDS);
}

/** HTTP dates start with a weekday (RFC 9110, 5.6.7). Date.parse alone would read "-5" and "1.5" as dates too. */
function httpDate(text: string): number {
  return /^[A-Za-z]{3}/.test(text) ? Date.parse(text) : Number.NaN;
}

function cut(message: string): string {
  return message.length > MESSAGE_LIMIT ? `${message.slice(0, MESSAGE_LIMIT - 1)}…` : message;
}
