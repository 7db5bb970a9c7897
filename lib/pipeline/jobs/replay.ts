import { type Endpoint, acceptsEvents } from '../../domain/endpoint.ts';
import type { Event } from '../../domain/event.ts';
import type { Job } from '../../domain/job.ts';
import { Comparisons } from '../../domain/filter/comparisons.ts';
import { type Filter, compileFilter, createFilterTest } from '../../domain/filter/filter.ts';
import { matches } from '../../domain/subscription.ts';
import type { Ports } from '../../ports/ports.ts';
import { subscriptionOf } from '../endpoints/matching.ts';
import { FINISHED, type PageResult } from './page-result.ts';
import { type RepeatPagePorts, repeatPage } from './repeat-page.ts';
import { topicsOf } from './topics.ts';

export type ReplayPorts = RepeatPagePorts & Pick<Ports, 'endpoints' | 'eventTypes'>;

const EVENTS_PAGE = 50;
const ENDPOINTS_PAGE = 100;

/** One page of a replay, of an endpoint's events or of one event's endpoints. */
export function workReplayPage(ports: ReplayPorts, job: Job): Promise<PageResult> {
  const { eventId } = job.selection ?? {};
  return eventId === undefined ? replayEvents(ports, job) : replayToEndpoints(ports, job, eventId);
}

/** Newest event first: the events, tests left out, that match the endpoint's subscription now, or the selection's patterns. */
async function replayEvents(ports: ReplayPorts, job: Job): Promise<PageResult> {
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
  const subscription = subscriptionOf(wanted);
  const topicOf = await topicsOf(ports, events, [subscription]);
  const filter = subscription.filter === undefined ? undefined : compileFilter(subscription.filter);
  const meant = events.filter(
    (event) => !event.isTest && matches(subscription, topicOf(event)) && passes(filter, event),
  );
  const result = await repeatPage(
    ports,
    job,
    meant.map((event) => ({ pair: { event, endpointId: endpoint.id } })),
  );
  return { ...result, ...nextAfter(events.at(-1)?.id, events.length < EVENTS_PAGE) };
}

/** By endpoint id ascending. */
async function replayToEndpoints(ports: ReplayPorts, job: Job, eventId: string): Promise<PageResult> {
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

/** `last`: where the next page starts; absent on the last page. */
async function endpointsOfPage(
  ports: ReplayPorts,
  job: Job,
  event: Event,
): Promise<{ endpoints: Endpoint[]; last?: string | undefined }> {
  const named = job.selection?.endpointIds;
  if (named) {
    const found = await Promise.all(named.map((id) => ports.endpoints.get(job.tenantId, id)));
    return { endpoints: found.filter((one) => one !== undefined).filter(acceptsEvents) };
  }
  const page = await ports.endpoints.page(job.tenantId, job.cursor, ENDPOINTS_PAGE);
  const topicOf = await topicsOf(ports, [event], page.endpoints.map(subscriptionOf));
  const test = filterTestOf(event);
  const endpoints = page.endpoints.filter((endpoint) => {
    const { filter, ...subscription } = subscriptionOf(endpoint);
    if (!acceptsEvents(endpoint) || !matches(subscription, topicOf(event))) return false;
    return filter === undefined || test(compileFilter(filter));
  });
  return { endpoints, last: page.next };
}

function passes(filter: Filter | undefined, event: Event): boolean {
  return filter === undefined || filterTestOf(event)(filter);
}

/** The event was accepted: whatever its filters take now, it is not refused. */
function filterTestOf({ data }: Event): (filter: Filter) => boolean {
  return createFilterTest(data, new Comparisons(Number.POSITIVE_INFINITY));
}

function nextAfter(last: string | undefined, done: boolean): Pick<PageResult, 'cursor' | 'done'> {
  return { ...(last !== undefined && { cursor: last }), done };
}
