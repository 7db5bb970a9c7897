import type { LatencyStep } from '@postrider/sdk';

/** How many took how long: one entry for each bound that has any. */
export type Steps = readonly LatencyStep[];

const P95 = 0.95;

export function sumOfSteps(one: Steps, other: Steps): Steps {
  return [...one, ...other].reduce<LatencyStep[]>((sum, { within_ms, count }) => {
    const same = sum.find((step) => step.within_ms === within_ms);
    if (!same) return [...sum, { within_ms, count }];
    return sum.map((step) => (step === same ? { within_ms, count: step.count + count } : step));
  }, []);
}

/** What was counted after the other ones. */
export function stepsSince(all: Steps, before: Steps): Steps {
  const counted = (within: number | null) => before.find(({ within_ms }) => within_ms === within)?.count ?? 0;
  return all
    .map(({ within_ms, count }) => ({ within_ms, count: count - counted(within_ms) }))
    .filter(({ count }) => count > 0);
}

/** The bound that 95 of a hundred did not exceed; Infinity: they did exceed all; undefined: there are none. */
export function p95Of(steps: Steps): number | undefined {
  const all = steps.reduce((sum, { count }) => sum + count, 0);
  const bound = ({ within_ms }: LatencyStep) => within_ms ?? Infinity;
  let counted = 0;
  for (const step of steps.toSorted((a, b) => bound(a) - bound(b))) {
    counted += step.count;
    if (counted >= P95 * all) return bound(step);
  }
  return undefined;
}
