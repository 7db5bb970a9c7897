import { LATENCY_BOUNDS, type LatencySteps } from '../../../domain/latencies.ts';
import type { Usage } from '../../../domain/usage.ts';
import type { Overview } from '../../../pipeline/history/overview.ts';
import type { Counted, TroubledEndpoint } from '../../../pipeline/history/troubled.ts';
import type { Redriven } from '../../../pipeline/manual/redrive.ts';
import type { MessageCount } from '../../../ports/queues.ts';
import { asTimestamp, asTimestampOrNull } from '../../schemas/times.ts';
import { endpointJson } from '../endpoints/view.ts';
import { withCost } from '../usage/view.ts';

/** @param now milliseconds since the Unix epoch */
export function overviewJson({ queues, oldestDueAt, sweptUntil, brakedAt, troubled }: Overview, now: number) {
  const { deliveries, retries, slow, jobs, exhausted, poison } = queues;
  return {
    at: asTimestamp(now),
    queues: {
      deliveries: messagesJson(deliveries),
      retries: messagesJson(retries),
      slow: messagesJson(slow),
      jobs: messagesJson(jobs),
      exhausted: messagesJson(exhausted),
      poison: messagesJson(poison),
    },
    oldest_due_at: asTimestampOrNull(oldestDueAt),
    swept_until: asTimestampOrNull(sweptUntil),
    braked_at: asTimestampOrNull(brakedAt),
    troubled: { failing: countedJson(troubled.failing), paused: countedJson(troubled.paused) },
  };
}

function messagesJson({ visible, inFlight, delayed }: MessageCount) {
  return { visible, in_flight: inFlight, delayed };
}

function countedJson({ count, isCapped }: Counted) {
  return { count, capped: isCapped };
}

export function troubledJson({ view, failingSince, held }: TroubledEndpoint) {
  return {
    tenant_id: view.endpoint.tenantId,
    endpoint: endpointJson(view),
    failing_since: asTimestampOrNull(failingSince),
    held: held ? countedJson(held) : null,
  };
}

interface UsingTenant {
  id: string;
  name: string | undefined;
  eventsPerSecond: number | undefined;
}

export function tenantUsageJson({ id, name, eventsPerSecond }: UsingTenant, used: Usage) {
  const { firstAttempts, requests } = used.latencies;
  return {
    tenant_id: id,
    name: name ?? null,
    events_per_second: eventsPerSecond ?? null,
    ...withCost(used),
    first_attempts: stepsJson(firstAttempts),
    requests: stepsJson(requests),
  };
}

/** Without the empty ones, which most are. */
function stepsJson(steps: LatencySteps) {
  return steps
    .map((count, step) => ({ within_ms: LATENCY_BOUNDS[step] ?? null, count }))
    .filter(({ count }) => count > 0);
}

/** @param most how many messages were asked for */
export function redrivenJson({ moved, kept }: Redriven, most: number) {
  const handled = Object.values(moved).reduce((sum, count) => sum + count, 0) + kept.length;
  return {
    moved: { ...moved },
    kept: kept.map(({ message: { messageId }, why }) => ({ message_id: messageId, why })),
    more: handled >= most,
  };
}
