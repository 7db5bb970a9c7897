import { type Endpoint, acceptsEvents } from '../../domain/endpoint.ts';
import type { Event } from '../../domain/event.ts';
import type { Job } from '../../domain/job.ts';
import { matches } from '../../domain/subscription.ts';
import { FINISHED, type JobPorts, type PageResult } from './page-result.ts';
import { repeatPage } from './repeat-page.ts';

const EVENTS_PAGE = 50;
const ENDPOINTS_PAGE = 100;

/** One page of a replay, of an endpoint's events or of one event's endpoints. */
export function workReplayPage(ports: JobPorts, job: Job): Promise<PageResult> {
  const { eventId } = job.selection ?? {};
  return eventId === undefined ? replayEvents(ports, job) : replayToEndpoints(ports, job, eventId);
}

/** Newest event first. What the endpoint would get if the events were posted now, or what it was asked for. */
async function replayEvents(ports: JobPorts, job: Job): Promise<PageResult> {
  const { eventTypes, since, until } = job.selection ?? {};
  const endpoint = job.endpointId === undefined ? undefined : await ports.endpoints.get(job.tenantId, job.endpointId);
  if (!endpoint || !acceptsEvents(endpoint)) return FINISHED;
  const events = await ports.events.page(job.tenantId, {
    limit: EVENTS_PAGE,
    ...(job.cursor !== undefined && { before: job.cursor }),
    ...(since !== undefined && { since }),
    ...(until !== undefined && { until }),
  });
  const wanted = eventTypes ? { ...endpoint, events: eventTypes } : endpoint;
  const meant = events.filter((event) => matches(wanted, event));
  const result = await repeatPage(
    ports,
    job,
    meant.map((event) => ({ pair: { event, endpointId: endpoint.id } })),
  );
  return { ...result, ...nextAfter(events.at(-1)?.id, events.length < EVENTS_PAGE) };
}

/** By endpoint id ascending. */
async function replayToEndpoints(ports: JobPorts, job: Job, eventId: string): Promise<PageResult> {
  const event = await ports.events.get(job.tenantId, eventId);
  if (!event) return FINISHED;
  const { endpoints, last } = await endpointsOfPage(ports, job, event);
  const result = await repeatPage(
    ports,
    job,
    endpoints.map(({ id }) => ({ pair: { event, endpointId: id } })),
  );
  return { ...result, ...nextAfter(last, last === undefined) };
}

/** `last`: where the next page starts; absent on the last. */
async function endpointsOfPage(
  ports: JobPorts,
  job: Job,
  event: Event,
): Promise<{ endpoints: Endpoint[]; last?: string | undefined }> {
  const named = job.selection?.endpointIds;
  if (named) {
    const found = await Promise.all(named.map((id) => ports.endpoints.get(job.tenantId, id)));
    return { endpoints: found.filter((one) => one !== undefined).filter(acceptsEvents) };
  }
  const page = await ports.endpoints.page(job.tenantId, job.cursor, ENDPOINTS_PAGE);
  const endpoints = page.endpoints.filter((endpoint) => acceptsEvents(endpoint) && matches(endpoint, event));
  return { endpoints, last: page.next };
}

function nextAfter(last: string | undefined, done: boolean): Pick<PageResult, 'cursor' | 'done'> {
  return { ...(last !== undefined && { cursor: last }), done };
}
