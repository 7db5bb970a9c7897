/**
 * Milliseconds up to which a latency is counted in one step; one more step counts those that are longer. With steps, counts
 * of tenants, functions and days can be added up, which percentiles can't.
 */
export const LATENCY_BOUNDS = [
  5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 60_000, 300_000,
] as const;

/** How many latencies were in each step: one number for each bound, and one for what is longer. */
export type LatencySteps = readonly number[];

/** What is measured: from the 202 to the start of the first attempt, and the requests of all attempts. */
export const LATENCIES = ['firstAttempts', 'requests'] as const;

export type Latencies = Readonly<Record<(typeof LATENCIES)[number], LatencySteps>>;

const NONE: LatencySteps = Array.from({ length: LATENCY_BOUNDS.length + 1 }, () => 0);
export const NO_LATENCIES: Latencies = { firstAttempts: NONE, requests: NONE };

/** One latency in its step. @param ms undefined: none was measured */
export function oneLatency(ms: number | undefined): LatencySteps {
  return ms === undefined ? NONE : NONE.with(stepOf(ms), 1);
}

/** The index of a latency's step. */
export function stepOf(ms: number): number {
  const found = LATENCY_BOUNDS.findIndex((bound) => ms <= bound);
  return found === -1 ? LATENCY_BOUNDS.length : found;
}

export function sumOfSteps(one: LatencySteps, other: LatencySteps): LatencySteps {
  if (one === NONE) return other;
  if (other === NONE) return one;
  return one.map((count, step) => count + (other[step] ?? 0));
}

export function sumOfLatencies(one: Latencies, other: Latencies): Latencies {
  return {
    firstAttempts: sumOfSteps(one.firstAttempts, other.firstAttempts),
    requests: sumOfSteps(one.requests, other.requests),
  };
}

/**
 * What this share of the latencies did not exceed, rounded up to a bound: milliseconds. What is longer than all bounds counts
 * as the last one.
 * @param share above 0, at most 1
 * @returns undefined where none was counted
 */
export function latencyOf(share: number, steps: LatencySteps): number | undefined {
  const all = steps.reduce((sum, count) => sum + count, 0);
  let counted = 0;
  for (const [step, count] of steps.entries()) {
    counted += count;
    if (counted > 0 && counted >= share * all) return LATENCY_BOUNDS[step] ?? LATENCY_BOUNDS.at(-1);
  }
  return undefined;
}
