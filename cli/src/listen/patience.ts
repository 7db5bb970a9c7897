import { ApiError, ConnectionError, TimeoutError } from '../../../sdk/src/errors.ts';
import { pause } from '../../../sdk/src/retries.ts';

const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 3000;

/** What is told while the service can't be reached. */
export interface Patience {
  /** For so long it is tried again, milliseconds. */
  ms: number;
  now(): number;
  signal: AbortSignal;
  lost(error: Error): void;
  back(): void;
}

/**
 * Makes a call until it succeeds, while the service can't be reached or fails.
 * @throws what the service refuses, at once; its last failure, when patience has ended; the signal's reason
 */
export async function patiently<T>(patience: Patience, call: () => Promise<T>): Promise<T> {
  let lostAt: number | undefined;
  for (let tries = 0; ; tries += 1) {
    try {
      const answer = await call();
      if (lostAt !== undefined) patience.back();
      return answer;
    } catch (error) {
      if (!isPassing(error)) throw error;
      if (lostAt === undefined) patience.lost(error);
      lostAt ??= patience.now();
      if (patience.now() - lostAt >= patience.ms) throw error;
    }
    await pause(Math.min(FIRST_PAUSE_MS * 2 ** tries, LONGEST_PAUSE_MS), patience.signal);
  }
}

function isPassing(error: unknown): error is Error {
  if (error instanceof ConnectionError || error instanceof TimeoutError) return true;
  return error instanceof ApiError && (error.status >= 500 || error.status === 429);
}
