import type { Event } from '../domain/event.ts';
import type { Claim } from '../ports/idempotency-claims.ts';
import { claimOnce } from './claim.ts';
import { isPaged } from './event-endpoints.ts';
import { noteAccepted, sendFirstMessages, startFanOuts } from './fan-out.ts';
import type { Accepted, BatchResult, IngestRequest } from './ingest.ts';
import { type Ingesting, keepEvent } from './keep-event.ts';
import type { MatcherOf } from './matcher.ts';

/** How far an event of a batch came before the messages of all are sent. */
type Step =
  | { kind: 'kept'; event: Event; claim?: Claim }
  | { kind: 'done'; accepted: Accepted }
  /** Another holder is at work on its key: another request, or an event of this batch with the same key. */
  | { kind: 'busy' }
  | { kind: 'failed'; error: unknown };

/**
 * Accepts events together, each with a result of its own: what they match with is read once, and their messages go out
 * in one call. Nobody is waited for before that, so that two batches with the same keys can't wait for each other; an
 * event whose key is busy follows by itself.
 * @param one what ingests a single event, with patience
 */
export async function ingestBatch(
  ingesting: Ingesting,
  requests: readonly IngestRequest[],
  one: (request: IngestRequest) => Promise<Accepted>,
): Promise<BatchResult[]> {
  const together = { ...ingesting, matcherOf: readOnce(ingesting.matcherOf) };
  const steps = await Promise.all(requests.map((request) => prepare(together, request)));
  const refusals = await sendTogether(ingesting, steps);
  return Promise.all(
    requests.map((request, index) => {
      const step = steps[index] as Step;
      if (step.kind === 'busy') return orError(() => one(request));
      return orError(() => finish(ingesting, step, refusals));
    }),
  );
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
    if (request.idempotencyKey === undefined) return { kind: 'kept', event: await keepEvent(ingesting, request) };
    const claimed = await claimOnce(ingesting.ports, request, request.idempotencyKey);
    if (claimed.kind !== 'ours') return claimed;
    const { claim } = claimed;
    return { kind: 'kept', event: await keepEvent(ingesting, request, claimed), claim };
  } catch (error) {
    return { kind: 'failed', error };
  }
}

/**
 * Answers why messages were not accepted, by event. A send that fails says not which of its messages were accepted:
 * none of its events counts as accepted, and each can be posted again.
 */
async function sendTogether({ ports }: Ingesting, steps: readonly Step[]): Promise<Map<Event, unknown>> {
  const events = steps.flatMap((step) => (step.kind === 'kept' ? [step.event] : []));
  const paged = events.filter(isPaged);
  const inline = events.filter((event) => !isPaged(event) && event.endpointIds.length > 0);
  const sends = [
    { events: inline, sent: sendFirstMessages(ports, inline) },
    { events: paged, sent: startFanOuts(ports, paged) },
  ];
  const results = await Promise.allSettled(sends.map(({ sent }) => sent));
  return new Map(
    results.flatMap((result, index) =>
      result.status === 'fulfilled' ? [] : (sends[index]?.events ?? []).map((event) => [event, result.reason] as const),
    ),
  );
}

async function finish(
  { ports }: Ingesting,
  step: Exclude<Step, { kind: 'busy' }>,
  refusals: ReadonlyMap<Event, unknown>,
): Promise<Accepted> {
  if (step.kind === 'done') return step.accepted;
  if (step.kind === 'failed') throw step.error;
  if (refusals.has(step.event)) throw refusals.get(step.event);
  const accepted = noteAccepted(ports, step.event);
  if (step.claim) await ports.claims.finishIfHeldBy(step.claim, accepted.deliveries);
  return accepted;
}

async function orError(work: () => Promise<Accepted>): Promise<BatchResult> {
  try {
    return await work();
  } catch (error) {
    return { error };
  }
}
