import { sleep } from './arrivals.ts';

/**
 * Calls at a steady rate, each at its time whether or not the ones before are answered; then waits for all answers.
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
    // Until all are waited for, nobody listens to one that fails.
    made.catch(() => undefined);
    calls.push(made);
  }
  await Promise.all(calls);
  return madeAt;
}
