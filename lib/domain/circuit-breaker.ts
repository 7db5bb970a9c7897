import type { EndpointHealth } from './endpoint.ts';

const FAILURES = 10;
const SPAN_MS = 60_000;

/** Ten consecutive failed attempts of one generation, spanning at least a minute: a single burst is no outage. */
export function breakerTrips(health: EndpointHealth, now: number): boolean {
  const { consecutiveFailures, failingSince = now } = health;
  return consecutiveFailures >= FAILURES && now - failingSince >= SPAN_MS;
}
