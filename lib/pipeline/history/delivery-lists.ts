import type { Delivery, DeliveryStatus } from '../../domain/delivery.ts';
import type { Event } from '../../domain/event.ts';
import { firstUlidAt, timeOf } from '../../domain/ids.ts';
import type { DeliveryPosition } from '../../ports/delivery-log.ts';
import { endOfEvent, isAfter, newestFirst, readPosition, writePosition } from './delivery-order.ts';
import { existing } from '../endpoints/change-status.ts';
import { isEndpointOf } from '../delivery/event-endpoints.ts';
import {
  type DeliveryView,
  MAX_PAGE_BYTES,
  type Page,
  type ViewPorts,
  asViews,
  deliveriesOf,
  pendingRecord,
} from './history.ts';

/** Which deliveries; times are milliseconds since the Unix epoch, of the event's acceptance. */
export interface DeliveriesQuery {
  endpointId?: string;
  eventType?: string;
  status?: DeliveryStatus;
  since?: number;
  until?: number;
  cursor?: string;
  /** At most this many are answered; a page may have fewer and still have a next one. */
  limit: number;
}

/** How many events and deliveries one call looks through: a rare match is found over several pages. */
const LOOK_THROUGH = 1000;
/** An endpoint's own list shows the pending ones only among this many of the tenant's newest events. */
const NEWEST_EVENTS = 200;

const CLOCKS_DIFFER_MS = 60_000;

interface Slice {
  found: Delivery[];
  next?: string;
}

/** Newest event first. @throws RequestError `not-found` for an unknown endpoint, `invalid-cursor` */
export async function listDeliveries(
  ports: ViewPorts,
  tenantId: string,
  query: DeliveriesQuery,
): Promise<Page<DeliveryView>> {
  if (query.endpointId !== undefined) await existing(ports, tenantId, query.endpointId);
  const { found, next } = await slice(ports, tenantId, query);
  return { data: await asViews(ports, found), ...(next !== undefined && { nextCursor: next }) };
}

function slice(ports: ViewPorts, tenantId: string, query: DeliveriesQuery): Promise<Slice> {
  const { status, endpointId } = query;
  // Delivered ones are in no index, and most pending ones are in no record.
  if (status !== undefined && status !== 'delivered' && status !== 'pending')
    return byStatus(ports, tenantId, query, status);
  return endpointId === undefined ? byEvents(ports, tenantId, query) : ofEndpoint(ports, tenantId, query, endpointId);
}

/** From the index of failing deliveries; the records decide, since the index may lag. */
async function byStatus(
  ports: ViewPorts,
  tenantId: string,
  query: DeliveriesQuery,
  status: Exclude<DeliveryStatus, 'delivered'>,
): Promise<Slice> {
  const page = await ports.deliveries.pageByStatus({
    tenantId,
    status,
    order: 'newest-first',
    limit: query.limit,
    ...rangeOf(query),
    ...(query.endpointId !== undefined && { endpointId: query.endpointId }),
    ...(query.cursor !== undefined && { cursor: query.cursor }),
  });
  const records = (await ports.deliveries.getMany(page.deliveries)).filter((record) => record !== undefined);
  const found = records.filter((record) => answers(query, record));
  return { found, ...(page.next !== undefined && { next: page.next }) };
}

/** Through the tenant's events: each knows its endpoints. */
async function byEvents(ports: ViewPorts, tenantId: string, query: DeliveriesQuery): Promise<Slice> {
  const start = query.cursor === undefined ? undefined : readPosition(query.cursor);
  const found: Delivery[] = [];
  let looked = 0;
  for await (const { deliveries, at } of throughEvents(ports, tenantId, query, start)) {
    for (const delivery of deliveries) {
      if (answers(query, delivery)) found.push(delivery);
      if (found.length === query.limit) return { found, next: writePosition(delivery) };
    }
    looked += Math.max(deliveries.length, 1);
    if (looked >= LOOK_THROUGH) return { found, next: writePosition(at) };
  }
  return { found };
}

/** All deliveries after a position, a bounded number at a time, with the position that each step has reached. */
async function* throughEvents(
  ports: ViewPorts,
  tenantId: string,
  query: DeliveriesQuery,
  start: DeliveryPosition | undefined,
): AsyncGenerator<{ deliveries: Delivery[]; at: DeliveryPosition }> {
  // The cursor itself names an event whose deliveries did not all fit.
  let events = start && start.endpointId !== '' ? await eventAt(ports, tenantId, start.eventId) : [];
  let before = start?.eventId;
  for (;;) {
    for (const event of events) {
      const after = start?.eventId === event.id ? start : undefined;
      for await (const deliveries of deliveriesOf(ports, event, after)) {
        yield { deliveries, at: deliveries.at(-1) ?? endOfEvent(event.id) };
      }
      yield { deliveries: [], at: endOfEvent(event.id) };
      before = event.id;
    }
    events = await nextEvents(ports, tenantId, query, before);
    if (events.length === 0) return;
  }
}

async function eventAt(ports: ViewPorts, tenantId: string, eventId: string): Promise<Event[]> {
  const event = await ports.events.get(tenantId, eventId);
  return event ? [event] : [];
}

function nextEvents(ports: ViewPorts, tenantId: string, query: DeliveriesQuery, before?: string) {
  return ports.events.page(tenantId, {
    limit: Math.max(query.limit, 20),
    maxBytes: MAX_PAGE_BYTES,
    ...(before !== undefined && { before }),
    ...rangeOf(query),
  });
}

/** An endpoint's records, merged with the pending ones among the tenant's newest events. */
async function ofEndpoint(
  ports: ViewPorts,
  tenantId: string,
  query: DeliveriesQuery,
  endpointId: string,
): Promise<Slice> {
  let before: DeliveryPosition | undefined = query.cursor === undefined ? startOf(query) : readPosition(query.cursor);
  const pending = await pendingOf(ports, tenantId, endpointId, query);
  const found: Delivery[] = [];
  for (let looked = 0; looked < LOOK_THROUGH; looked += query.limit) {
    const records: Delivery[] = await ports.deliveries.pageOfEndpoint(
      tenantId,
      endpointId,
      before,
      query.limit,
      query.since,
    );
    const isLast = records.length < query.limit;
    const end = isLast ? undefined : records.at(-1);
    const between = pending.filter((one) => (!before || isAfter(before, one)) && (!end || isAfter(one, end)));
    for (const delivery of newestFirst([...records, ...between])) {
      if (answers(query, delivery)) found.push(delivery);
      if (found.length === query.limit) return { found, next: writePosition(delivery) };
    }
    if (isLast) return { found };
    before = end;
  }
  return { found, ...(before && { next: writePosition(before) }) };
}

function rangeOf({ since, until }: DeliveriesQuery): Pick<DeliveriesQuery, 'since' | 'until'> {
  return { ...(since !== undefined && { since }), ...(until !== undefined && { until }) };
}

function startOf({ until }: DeliveriesQuery): DeliveryPosition | undefined {
  return until === undefined ? undefined : { eventId: `evt_${firstUlidAt(until)}`, endpointId: '', ordinal: -1 };
}

async function pendingOf(
  ports: ViewPorts,
  tenantId: string,
  endpointId: string,
  { since }: DeliveriesQuery,
): Promise<Delivery[]> {
  const events = await ports.events.page(tenantId, { limit: NEWEST_EVENTS, ...(since !== undefined && { since }) });
  // An event older than the endpoint cannot have matched it; the clocks that made the two ids differ a little.
  const younger = events.filter((event) => event.acceptedAt >= timeOf(endpointId) - CLOCKS_DIFFER_MS);
  const keys = younger.map((event) => ({ tenantId, endpointId, eventId: event.id, ordinal: 0 }));
  const records = keys.length > 0 ? await ports.deliveries.getMany(keys) : [];
  const unrecorded = younger.filter((_, index) => !records[index]);
  const matched = await Promise.all(unrecorded.map((event) => isEndpointOf(ports, event, endpointId)));
  return unrecorded.filter((_, index) => matched[index]).map((event) => pendingRecord(ports, event, endpointId));
}

function answers(query: DeliveriesQuery, delivery: Delivery): boolean {
  const { endpointId, eventType, status, since, until } = query;
  const acceptedAt = timeOf(delivery.eventId);
  return (
    (endpointId === undefined || delivery.endpointId === endpointId) &&
    (eventType === undefined || delivery.eventType === eventType) &&
    (status === undefined || delivery.status === status) &&
    (since === undefined || acceptedAt >= since) &&
    (until === undefined || acceptedAt < until)
  );
}
