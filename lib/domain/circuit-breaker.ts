import type { EndpointHealth } from './endpoint.ts';

/** When failures pause an endpoint: a dialect's choice. */
export interface BreakerRule {
  /** So many consecutive failures of one generation… */
  failures: number;
  /** …that span at least so long: a single burst is no outage. Milliseconds. */
  spanMs: number;
  /** Is a 429 a failure like any other? */
  countsTooManyRequests: boolean;
  /** Does it act on an endpoint that has no setting of its own? */
  on: boolean;
  /** Do probes resume an endpoint that has no setting of its own? Otherwise a person does. */
  autoResume: boolean;
}

/**
 * Does the circuit breaker pause the endpoint?
 * @param now milliseconds since the Unix epoch
 */
export function breakerTrips(
  health: EndpointHealth,
  now: number,
  { failures, spanMs }: Pick<BreakerRule, 'failures' | 'spanMs'>,
): boolean {
  const { consecutiveFailures, failingSince = now } = health;
  return consecutiveFailures >= failures && now - failingSince >= spanMs;
}
