import { ServiceFault, ThrottledFault } from '../../../domain/errors.ts';

/** Errors of a request that is itself wrong: a bug of ours, which a retry does not fix. */
const OUR_MISTAKES = new Set(['ValidationException', 'SerializationException', 'TypeError', 'RangeError']);

/** DynamoDB refuses for now: a table or a partition is asked for more than it can do, or the account is. */
const THROTTLING = new Set([
  'ProvisionedThroughputExceededException',
  'ThrottlingException',
  'RequestLimitExceeded',
  'ThrottledException',
]);

export function throttled(what: string, options?: ErrorOptions): ThrottledFault {
  return new ThrottledFault(`DynamoDB throttled ${what}`, options);
}

/**
 * Runs a call of the SDK.
 * @throws ServiceFault for every failure that may be transient: timeouts, the network, 5xx, missing permissions, and
 *   throttling, which is a ThrottledFault
 */
export async function asFault<T>(what: string, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (cause) {
    if (cause instanceof ServiceFault) throw cause;
    const name = cause instanceof Error ? cause.name : 'unknown';
    if (OUR_MISTAKES.has(name)) throw cause;
    if (THROTTLING.has(name)) throw throttled(`${what}: ${name}`, { cause });
    throw new ServiceFault(`DynamoDB ${what} failed: ${name}`, { cause });
  }
}
