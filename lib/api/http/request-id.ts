import { type Log, withFields } from '../../ports/log.ts';
import type { Random } from '../../ports/random.ts';
import type { ApiRequest } from './request-response.ts';

/** What is safe in headers, logs and URLs. */
const SANE = /^[A-Za-z0-9._:/+=@-]{1,128}$/;

/**
 * What names a request in its answer and in the log: the caller's `X-Request-Id` if it is sane, else the gateway's id, else
 * a new one of 16 hex digits.
 */
export function requestIdOf(request: Pick<ApiRequest, 'headers' | 'requestId'> | undefined, random: Random): string {
  const given = request?.headers['x-request-id'];
  if (given !== undefined && SANE.test(given)) return given;
  return request?.requestId ?? Buffer.from(random.bytes(8)).toString('hex');
}

/** A log whose lines name the request. */
export function logOfRequest(log: Log, requestId: string): Log {
  return withFields(log, () => ({ request_id: requestId }));
}
