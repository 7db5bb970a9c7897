import type { Delivery } from '../../domain/delivery.ts';
import { acceptsEvents } from '../../domain/endpoint.ts';
import { timeOf } from '../../domain/ids.ts';
import type { Job } from '../../domain/job.ts';
import type { Ports } from '../../ports/ports.ts';
import { FINISHED, type PageResult } from './page-result.ts';
import { cursorAfter, statusPlaceOf } from './place.ts';
import { type Candidate, type RepeatPagePorts, repeatPage } from './repeat-page.ts';

export type BulkRetryPorts = RepeatPagePorts & Pick<Ports, 'endpoints'>;

const PAGE = 100;

/**
 * One page of a bulk retry: goes through the finished deliveries of its statuses, oldest event first, and repeats those
 * that are the latest of their pair.
 */
export async function workRetryPage(ports: BulkRetryPorts, job: Job): Promise<PageResult> {
  const { statuses = [], since, until } = job.selection ?? {};
  const [at, cursor] = statusPlaceOf(job);
  const status = statuses[at];
  if (!status) return FINISHED;
  const page = await ports.deliveries.pageByStatus({
    tenantId: job.tenantId,
    status,
    order: 'oldest-first',
    limit: PAGE,
    ...(since !== undefined && { since }),
    ...(until !== undefined && { until }),
    ...(job.endpointId !== undefined && { endpointId: job.endpointId }),
    ...(cursor && { cursor }),
  });
  // The index may lag behind the records, so those decide.
  const records = (await ports.deliveries.getMany(page.deliveries)).filter((record) => record !== undefined);
  const meant = records.filter((record) => record.status === status && isMeant(job, record));
  const result = await repeatPage(ports, job, await candidatesOf(ports, job.tenantId, meant));
  const isLast = page.next === undefined && at + 1 === statuses.length;
  return { ...result, cursor: cursorAfter(at, page.next), done: isLast };
}

/** Matches the selection, is no test, and was not made by this job itself. */
function isMeant(job: Job, record: Delivery): boolean {
  const { eventTypes, since, until } = job.selection ?? {};
  const acceptedAt = timeOf(record.eventId);
  return (
    record.jobId !== job.id &&
    !record.isTest &&
    (eventTypes === undefined || eventTypes.includes(record.eventType)) &&
    (since === undefined || acceptedAt >= since) &&
    (until === undefined || acceptedAt < until)
  );
}

/** With the events and endpoints, each read once. */
async function candidatesOf(
  ports: BulkRetryPorts,
  tenantId: string,
  records: readonly Delivery[],
): Promise<Candidate[]> {
  const endpoints = await readEach(
    records.map(({ endpointId }) => endpointId),
    (id) => ports.endpoints.get(tenantId, id),
  );
  const events = await readEach(
    records.map(({ eventId }) => eventId),
    (id) => ports.events.get(tenantId, id),
  );
  return records.map(({ eventId, endpointId, ordinal }) => {
    const event = events.get(eventId);
    const endpoint = endpoints.get(endpointId);
    return event && endpoint && acceptsEvents(endpoint) ? { pair: { event, endpointId }, only: ordinal } : undefined;
  });
}

async function readEach<T>(ids: readonly string[], read: (id: string) => Promise<T>): Promise<Map<string, T>> {
  return new Map(await Promise.all([...new Set(ids)].map(async (id) => [id, await read(id)] as const)));
}
