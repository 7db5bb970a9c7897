import { type Delivery, newRecord } from '../../domain/delivery.ts';
import { isPolled } from '../../domain/endpoint.ts';
import type { Event } from '../../domain/event.ts';
import type { Job } from '../../domain/job.ts';
import { SECOND_PASS_PAUSE } from '../../domain/times.ts';
import type { Ports } from '../../ports/ports.ts';
import { endWithoutPayload } from '../delivery/end-without-payload.ts';
import { endpointIdsOf } from '../delivery/event-endpoints.ts';
import { FINISHED, type PageResult } from './page-result.ts';
import { cursorAt, placeOf } from './place.ts';

export type ErasePayloadPorts = Pick<Ports, 'clock' | 'endpoints' | 'events' | 'deliveries'>;

/** Records whose response bodies are removed at the same time. */
const PARALLEL = 16;

/** The pass, and the endpoint that its next page begins with. */
type Place = [pass: 1 | 2, endpointId?: string];

/**
 * One page of the end of an event's payload: ends the deliveries of up to 100 endpoints and removes what they answered.
 * What an attempt under way wrote after the first pass is found by the second, 15 minutes later.
 */
export async function workErasePayloadPage(ports: ErasePayloadPorts, job: Job): Promise<PageResult> {
  const { eventId = '' } = job.selection ?? {};
  const now = ports.clock.now();
  // The call may have died before it did this.
  const event = await ports.events.deletePayload(job.tenantId, eventId, { at: now, jobId: job.id });
  if (!event) return FINISHED;
  const [pass, from] = placeOf<Place>(job, [1]);
  const { endpointIds, next } = await endpointsFrom(ports, event, from);
  const records = await ports.deliveries.ofEvent(event.tenantId, event.id, endpointIds);
  for (let start = 0; start < records.length; start += PARALLEL) {
    const some = records.slice(start, start + PARALLEL).filter(({ attempts }) => attempts.length > 0);
    await Promise.all(some.map((record) => ports.deliveries.removeResponseBodies(record)));
  }
  const unread = await withoutMessage(ports, event, endpointIds, records);
  const ended = await Promise.all([...records.map((record) => endWithoutPayload(ports, record)), ...unread]);
  const processed = ended.filter(Boolean).length;
  if (next !== undefined) return { processed, cursor: cursorAt<Place>([pass, next]), done: false, nextInSeconds: 0 };
  if (pass === 2) return { ...FINISHED, processed };
  return { processed, cursor: cursorAt<Place>([2]), done: false, nextInSeconds: 0, checkAt: now + SECOND_PASS_PAUSE };
}

/**
 * What has no record waits for its message, which then finds no payload. A poll endpoint has none: nothing of the delivery
 * comes up but its entry, and the consumers that commit that.
 */
async function withoutMessage(
  ports: ErasePayloadPorts,
  event: Event,
  endpointIds: readonly string[],
  records: readonly Delivery[],
): Promise<Promise<boolean>[]> {
  const recorded = new Set(records.map(({ endpointId }) => endpointId));
  const others = endpointIds.filter((id) => !recorded.has(id));
  const endpoints = await Promise.all(others.map((id) => ports.endpoints.get(event.tenantId, id)));
  const polled = endpoints.filter((endpoint) => endpoint !== undefined).filter(isPolled);
  return polled.map(({ tenantId, id: endpointId }) =>
    endWithoutPayload(
      ports,
      newRecord(event, { tenantId, endpointId, eventId: event.id, ordinal: 0 }),
      'payload-deleted',
    ),
  );
}

/** Up to 100 endpoints of an event, descending, and the first one after them. */
async function endpointsFrom(
  ports: Pick<Ports, 'events'>,
  event: Event,
  from: string | undefined,
): Promise<{ endpointIds: readonly string[]; next?: string }> {
  const pages: string[][] = [];
  for await (const page of endpointIdsOf(ports, event, from)) {
    if (page.length > 0) pages.push(page);
    if (pages.length === 2) break;
  }
  const [endpointIds = [], [next] = []] = pages;
  return { endpointIds, ...(next !== undefined && { next }) };
}
