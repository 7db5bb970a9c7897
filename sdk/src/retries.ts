import { ApiError, type PostriderError } from './errors.ts';

/** Whether a call may be made again when it is not known if it was carried out. */
export type Repeat = 'always' | 'never';

const FIRST_DELAY_MS = 500;
const LONGEST_DELAY_MS = 8000;
/** A longer `Retry-After` is the caller's to wait for. */
const LONGEST_RETRY_AFTER_SECONDS = 60;

/**
 * How long to wait before a call is made again, in milliseconds; undefined when it should not be.
 * @param attempt 0 after the first
 * @param random 0 to 1: half of the delay is random, so that clients that failed together don't come back together
 */
export function delayBefore(
  attempt: number,
  error: PostriderError,
  repeat: Repeat,
  random: number,
): number | undefined {
  if (!isWorthRepeating(error, repeat)) return undefined;
  const asked = error instanceof ApiError ? (error.retryAfterSeconds ?? 0) : 0;
  if (asked > LONGEST_RETRY_AFTER_SECONDS) return undefined;
  const delay = Math.min(FIRST_DELAY_MS * 2 ** attempt, LONGEST_DELAY_MS) * (0.5 + random / 2);
  return Math.max(delay, asked * 1000);
}

function isWorthRepeating(error: PostriderError, repeat: Repeat): boolean {
  // No answer: nobody knows whether the call was carried out.
  if (!(error instanceof ApiError)) return repeat === 'always';
  const { status, retryAfterSeconds } = error;
  // A refusal that may pass: nothing was done.
  if (status === 429 || (status < 500 && retryAfterSeconds !== undefined)) return true;
  return repeat === 'always' && (status === 408 || (status >= 500 && status !== 501));
}

/** Waits. @throws the signal's reason when it is aborted */
export function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    const stop = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stop);
      resolve();
    }, ms);
    signal?.addEventListener('abort', stop, { once: true });
  });
}
