import type { EndpointHealth } from './endpoint.ts';

const FAILURES = 10;
const SPAN_MS = 60_000;

/**
 * Does the circuit breaker pause the endpoint? Yes after ten consecutive failures of one generation that span at least
 * a minute: a single burst is no outage.
 * @param now milliseconds since the Unix epoch
 */
export function breakerTrips(health: EndpointHealth, now: number): boolean {
  const { consecutiveFailures, failingSince = now } = health;
  return consecutiveFailures >= FAILURES && now - failingSince >= SPAN_MS;
}
