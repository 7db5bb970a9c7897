import type { Event } from '../../domain/event.ts';
import { isPaged } from '../delivery/event-endpoints.ts';
import { noteAccepted, sendFirstMessages, startFanOuts } from './fan-out.ts';
import { type Ingesting, type KeptEvent, keepEvent } from './keep-event.ts';
import type { MatcherOf } from './matcher.ts';
import type { BatchResult, IngestRequest } from './request.ts';

/** An event of a batch before the messages of all are sent. */
type Step = KeptEvent | { error: unknown };

/**
 * Accepts events together, each with a result of its own: what they match with is read once, and their messages go out
 * in one call.
 */
export async function ingestBatch(ingesting: Ingesting, requests: readonly IngestRequest[]): Promise<BatchResult[]> {
  const together = { ...ingesting, matcherOf: readOnce(ingesting.matcherOf) };
  const steps = await Promise.all(requests.map((request) => prepare(together, request)));
  const refusals = await sendTogether(ingesting, steps);
  return steps.map((step) => {
    if ('error' in step) return step;
    return refusals.has(step.event) ? { error: refusals.get(step.event) } : noteAccepted(ingesting.ports, step);
  });
}

/** One reading of a tenant's endpoints serves the whole batch: it is younger than the post of every event in it. */
function readOnce(matcherOf: MatcherOf): MatcherOf {
  const reading = new Map<string, ReturnType<MatcherOf>>();
  return (tenantId) => {
    const match = reading.get(tenantId) ?? matcherOf(tenantId);
    reading.set(tenantId, match);
    return match;
  };
}

async function prepare(ingesting: Ingesting, request: IngestRequest): Promise<Step> {
  try {
    return await keepEvent(ingesting, request);
  } catch (error) {
    return { error };
  }
}

/**
 * Answers why messages were not accepted, by event. A send that fails does not say which of its messages were accepted:
 * none of its events counts as accepted, and each can be posted again.
 */
async function sendTogether({ ports }: Ingesting, steps: readonly Step[]): Promise<Map<Event, unknown>> {
  const kept = steps.filter((step) => 'event' in step);
  const paged = kept.filter(({ event }) => isPaged(event));
  const inline = kept.filter(({ event }) => !isPaged(event) && event.endpointIds.length > 0);
  const sends = [
    { events: inline, sent: sendFirstMessages(ports, inline) },
    { events: paged, sent: startFanOuts(ports, paged) },
  ];
  const results = await Promise.allSettled(sends.map(({ sent }) => sent));
  return new Map(
    results.flatMap((result, index) =>
      result.status === 'fulfilled'
        ? []
        : (sends[index]?.events ?? []).map(({ event }) => [event, result.reason] as const),
    ),
  );
}
