import { ServiceFault, VisibilityLimitError } from '../../domain/errors.ts';

/**
 * Runs a call of the SDK.
 * @throws ServiceFault for every failure: throttling, timeouts, the network, 5xx, missing permissions, and a receipt
 *   that is no longer valid; VisibilityLimitError when a message would be hidden for longer than SQS allows
 */
export async function asFault<T>(what: string, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (cause) {
    if (isVisibilityLimit(cause)) throw new VisibilityLimitError(`SQS ${what}: ${cause.message}`, { cause });
    throw new ServiceFault(`SQS ${what} failed: ${cause instanceof Error ? cause.name : 'unknown'}`, { cause });
  }
}

/**
 * "Value … for parameter VisibilityTimeout is invalid. Reason: Total VisibilityTimeout for the message is beyond the
 * limit [43200 seconds]": SQS names an expired receipt handle with the same error, but another parameter.
 */
function isVisibilityLimit(error: unknown): error is Error {
  if (!(error instanceof Error) || !error.name.startsWith('InvalidParameterValue')) return false;
  return /parameter VisibilityTimeout is invalid/.test(error.message);
}
