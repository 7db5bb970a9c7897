import type { LambdaEntry } from './written-in.ts';

/** Concurrent invocations for each queue: 2 to 1,000 ("Configuring scaling behavior for SQS event source mappings"). */
export interface MaximumConcurrency {
  deliveries: number;
  retries: number;
  slow: number;
  jobs: number;
}

/** Concurrent invocations that a function always has, and never exceeds. */
export type ReservedConcurrency = Partial<Record<LambdaEntry, number>>;

/** The default quota of an account that is not new ("Lambda quotas"). */
const USUAL_ACCOUNT = 1000;
/** The quota of a new account. */
const SMALLEST_ACCOUNT = 10;
/** The least that Lambda accepts for an event source. */
const LEAST = 2;

/** The part of the account's quota that each queue may use, and the limit in large accounts. */
const SHARES: Readonly<Record<keyof MaximumConcurrency, { share: number; most: number }>> = {
  deliveries: { share: 0.2, most: 100 },
  retries: { share: 0.1, most: 50 },
  slow: { share: 0.04, most: 20 },
  jobs: { share: 0.05, most: 5 },
};

/** The queues of each function with event sources. */
const CONSUMERS: Partial<Record<LambdaEntry, readonly (keyof MaximumConcurrency)[]>> = {
  dispatch: ['deliveries', 'retries'],
  jobs: ['jobs', 'slow'],
};

/**
 * What was requested, and shares of the account's concurrency for the other queues: two fifths of it together. In an
 * account with less than 50, Lambda's minimum of 2 for each queue is more than its share, and of a quota of 10 the API has
 * only 2 left while all four have a backlog.
 * @param accountConcurrency the quota "Concurrent executions" of the account and region
 * @throws RangeError when that is not a whole number from 10 on
 */
export function maximumConcurrencyOf(
  requested: Partial<MaximumConcurrency> = {},
  accountConcurrency = USUAL_ACCOUNT,
): MaximumConcurrency {
  if (!Number.isInteger(accountConcurrency) || accountConcurrency < SMALLEST_ACCOUNT) {
    throw new RangeError(
      `accountConcurrency must be a whole number from ${SMALLEST_ACCOUNT} on, is ${accountConcurrency}`,
    );
  }
  const limit = (queue: keyof MaximumConcurrency) => {
    const { share, most } = SHARES[queue];
    return requested[queue] ?? Math.max(LEAST, Math.min(most, Math.floor(share * accountConcurrency)));
  };
  return {
    deliveries: limit('deliveries'),
    retries: limit('retries'),
    slow: limit('slow'),
    jobs: limit('jobs'),
  };
}

/** Of polls, however many consumers there are: posts and deliveries share the rest of the account. */
const POLLS = 20;
/** Lambda refuses to reserve the last 100 of an account; as many more are left to the rest. */
const LEAST_TO_RESERVE = 200;

export function reservedByDefault(accountConcurrency = USUAL_ACCOUNT): ReservedConcurrency {
  return accountConcurrency >= LEAST_TO_RESERVE ? { poll: POLLS } : {};
}

/**
 * A function with less reserved concurrency than its event sources use is throttled all the time.
 * @throws RangeError
 */
export function checkReserved(reserved: ReservedConcurrency, maximum: MaximumConcurrency): void {
  for (const [entry, queues] of Object.entries(CONSUMERS)) {
    const least = queues.reduce((sum, queue) => sum + maximum[queue], 0);
    const given = reserved[entry as LambdaEntry];
    if (given === undefined || given >= least) continue;
    throw new RangeError(
      `reservedConcurrency.${entry} must be at least ${least}, the maximum concurrency of its queues, is ${given}`,
    );
  }
}
