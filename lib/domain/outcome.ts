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

/** The result of one HTTP request: the customer's answer, or why there was none. Never an exception. */
export type SendResult =
  | {
      kind: 'answer';
      statusCode: number;
      durationMs: number;
      /** The value of `Retry-After`, as received. */
      retryAfter?: string;
      /** The first bytes of the body, at most what the request's cap allows. */
      body: Uint8Array;
    }
  | { kind: 'error'; error: ErrorKind; message: string; durationMs: number };

/** What an attempt's result means for the delivery and for its endpoint. */
export interface Outcome {
  success: boolean;
  statusCode?: number;
  errorKind?: ErrorKind;
  errorMessage?: string;
  durationMs: number;
  /** The customer asked to wait at least this long, at most 24 h. */
  retryAfterSeconds?: number;
  /** Counts for the circuit breaker: every failure but a 429. */
  countsForBreaker: boolean;
  /** The customer answered 410: wants no more. */
  gone: boolean;
}

const RETRY_AFTER_LIMIT_SECONDS = 24 * 3600;
const MESSAGE_LIMIT = 80;

/** Reads a result. 2xx is a success, and nothing else is, whatever the dialect. */
export function readOutcome(result: SendResult, now: number): Outcome {
  if (result.kind === 'error') {
    return {
      success: false,
      errorKind: result.error,
      errorMessage: cut(result.message),
      durationMs: result.durationMs,
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

function describeStatus(statusCode: number): string {
  if (statusCode >= 300 && statusCode < 400) return `answered ${statusCode}: redirects are not followed`;
  return `answered ${statusCode}`;
}

/** Seconds or an HTTP date (RFC 9110, 10.2.3), as whole seconds from now; undefined for anything else. */
export function readRetryAfter(value: string | undefined, now: number): number | undefined {
  const text = value?.trim();
  if (!text) return undefined;
  const seconds = /^\d+$/.test(text) ? Number(text) : Math.ceil((httpDate(text) - now) / 1000);
  if (!Number.isFinite(seconds)) return undefined;
  return Math.min(Math.max(seconds, 0), RETRY_AFTER_LIMIT_SECONDS);
}

/** An HTTP date names a weekday or a month; Date.parse alone would read "-5" and "1.5" as dates too. */
function httpDate(text: string): number {
  return /^[A-Za-z]{3}/.test(text) ? Date.parse(text) : Number.NaN;
}

function cut(message: string): string {
  return message.length > MESSAGE_LIMIT ? `${message.slice(0, MESSAGE_LIMIT - 1)}…` : message;
}
