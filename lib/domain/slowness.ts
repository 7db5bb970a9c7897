import type { Endpoint, EndpointHealth } from './endpoint.ts';

/** An answer that takes this long is slow, whatever it says; so is a request that gets none for this long. Milliseconds. */
export const SLOW_ANSWER_MS = 3000;
/** How many answers of an endpoint count: the last ones. */
export const JUDGED_ANSWERS = 10;
/** So many slow answers among them, which took so long together, make an endpoint slow: a single one is chance. */
const LEAST_SLOW = 2;
const LEAST_SLOW_MS = 15_000;
/** So many quick answers in a row make it quick again. */
const QUICK_IN_A_ROW = 5;
/** A note ends by itself after this long, unless it is renewed: an endpoint with little traffic burdens nobody. */
export const SLOW_FOR_MS = 600_000;

/** Is an endpoint noted as slow? A note about an earlier generation is void: its URL may be another one. */
export function isSlow(endpoint: Endpoint, health: EndpointHealth | undefined, now: number): boolean {
  return health?.slowGeneration === endpoint.generation && now < (health.slowUntil ?? 0);
}

/**
 * What the last answers of an endpoint say of it.
 * @param durations milliseconds, oldest first
 * @returns undefined when they do not tell: then it stays what it is
 */
export function judgeSpeed(durations: readonly number[]): 'slow' | 'quick' | undefined {
  const judged = durations.slice(-JUDGED_ANSWERS);
  const slow = judged.filter((duration) => duration >= SLOW_ANSWER_MS);
  const sum = slow.reduce((total, duration) => total + duration, 0);
  if (slow.length >= LEAST_SLOW && sum >= LEAST_SLOW_MS && isSlowAnswer(judged.at(-1))) return 'slow';
  const last = judged.slice(-QUICK_IN_A_ROW);
  return last.length === QUICK_IN_A_ROW && !last.some(isSlowAnswer) ? 'quick' : undefined;
}

function isSlowAnswer(duration = 0): boolean {
  return duration >= SLOW_ANSWER_MS;
}
