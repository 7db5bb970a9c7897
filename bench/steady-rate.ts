import { sleep } from './arrivals.ts';

/**
 * Calls at a steady rate, each at its time even when earlier calls are not done yet; then waits for all of them.
 * @returns when each call was made, by its number, in milliseconds of `performance.now()`
 */
export async function atSteadyRate(
  rate: number,
  seconds: number,
  call: (n: number) => Promise<void>,
): Promise<number[]> {
  const madeAt: number[] = [];
  const calls: Promise<void>[] = [];
  const start = performance.now();
  for (let n = 0; n < rate * seconds; n += 1) {
    const wait = start + (n * 1000) / rate - performance.now();
    if (wait > 0) await sleep(wait);
    madeAt[n] = performance.now();
    const made = call(n);
    // Prevents an unhandled rejection before all are awaited.
    made.catch(() => undefined);
    calls.push(made);
  }
  await Promise.all(calls);
  return madeAt;
}
