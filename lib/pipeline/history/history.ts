import { type AttemptSummary, type Delivery, type DeliveryStatus, newRecord } from '../../domain/delivery.ts';
import { type Event, carriedBytes } from '../../domain/event.ts';
import { notFound } from '../../domain/errors.ts';
import { type DeliveryKey, parseDeliveryId } from '../../domain/ids.ts';
import type { Job } from '../../domain/job.ts';
import { maxAttempts } from '../../dialects/retry-presets.ts';
import { UNCONFIRMED_AFTER } from '../../domain/times.ts';
import type { DeliveryPosition } from '../../ports/delivery-log.ts';
import type { Ports } from '../../ports/ports.ts';
import { isAfter, newestFirst, readPosition, writePosition } from './delivery-order.ts';
import { endpointIdsOf, isEndpointOf } from '../delivery/event-endpoints.ts';

/** A page of a list; `nextCursor` is absent on the last one. */
export interface Page<T> {
  data: T[];
  nextCursor?: string;
}

/** A delivery as its history shows it; a pending one without a record is shown as one without attempts. */
export interface DeliveryView {
  delivery: Delivery;
  /** All requests that its schedule allows. */
  maxAttempts: number;
}

export type DeliveryDetail = DeliveryView & { attempts: (AttemptSummary & { responseBody?: Uint8Array })[] };

export interface EventView {
  event: Event;
  counts: Record<DeliveryStatus, number>;
}

export type HistoryPorts = Pick<Ports, 'clock' | 'events' | 'deliveries'>;
/** What a view of a delivery needs: its endpoint has its schedule. */
export type ViewPorts = HistoryPorts & Pick<Ports, 'endpoints'>;

/** @throws RequestError `not-found` */
export async function getEvent(ports: HistoryPorts, tenantId: string, eventId: string): Promise<EventView> {
  const event = await existingEvent(ports, tenantId, eventId);
  const counts = { pending: 0, retrying: 0, parked: 0, held: 0, delivered: 0, exhausted: 0, abandoned: 0 };
  for await (const deliveries of deliveriesOf(ports, event)) {
    for (const { status } of deliveries) counts[status] += 1;
  }
  return { event, counts };
}

export interface EventsQuery {
  cursor?: string;
  limit: number;
  since?: number;
  until?: number;
}

/** Lambda answers with 6 MB at most: a page leaves room for its last event, which may be a large one. */
export const MAX_PAGE_BYTES = 4_000_000;

/** Newest first. A page may be shorter than its limit, and have a next one. */
export async function listEvents(
  ports: Pick<Ports, 'events'>,
  tenantId: string,
  query: EventsQuery,
): Promise<Page<Event>> {
  const { cursor, ...range } = query;
  const before = cursor === undefined ? {} : { before: cursor };
  const data = await ports.events.page(tenantId, { ...range, ...before, maxBytes: MAX_PAGE_BYTES });
  const last = data.at(-1);
  const isFull = data.length === query.limit || sumOf(data.map(carriedBytes)) >= MAX_PAGE_BYTES;
  return { data, ...(last && isFull && { nextCursor: last.id }) };
}

/** The newest endpoint first. @throws RequestError `not-found` */
export async function listDeliveriesOfEvent(
  ports: ViewPorts,
  tenantId: string,
  eventId: string,
  { cursor, limit }: { cursor?: string; limit: number },
): Promise<Page<DeliveryView>> {
  const event = await existingEvent(ports, tenantId, eventId);
  const found: Delivery[] = [];
  for await (const deliveries of deliveriesOf(ports, event, cursor === undefined ? undefined : readPosition(cursor))) {
    found.push(...deliveries);
    if (found.length > limit) break;
  }
  const data = await asViews(ports, found.slice(0, limit));
  const last = found[limit - 1];
  return { data, ...(last && found.length > limit && { nextCursor: writePosition(last) }) };
}

/** @throws RequestError `not-found` */
export async function getDelivery(ports: ViewPorts, tenantId: string, id: string): Promise<DeliveryDetail> {
  const key = parseDeliveryId(id, tenantId);
  const delivery = key && (await findDelivery(ports, key));
  if (!delivery) throw notFound('delivery');
  const bodies = await ports.deliveries.responseBodies(delivery);
  const attempts = delivery.attempts.map((attempt) => {
    const body = bodies.find((kept) => kept.attempt === attempt.number);
    return { ...attempt, ...(body && { responseBody: body.bytes }) };
  });
  const [view] = await asViews(ports, [delivery]);
  return { ...(view as DeliveryView), attempts };
}

/** @throws RequestError `not-found` */
export async function getJob(ports: Pick<Ports, 'jobs'>, tenantId: string, id: string): Promise<Job> {
  const job = await ports.jobs.get(tenantId, id);
  if (!job) throw notFound('job');
  return job;
}

async function existingEvent(ports: Pick<Ports, 'events'>, tenantId: string, eventId: string): Promise<Event> {
  const event = await ports.events.get(tenantId, eventId);
  if (!event) throw notFound('event');
  return event;
}

/**
 * An event's deliveries, the newest endpoint first, a bounded number at a time: the event knows its endpoints, and one
 * that has no record is pending.
 * @param after only those that follow this one
 */
export async function* deliveriesOf(
  ports: HistoryPorts,
  event: Event,
  after?: DeliveryPosition,
): AsyncGenerator<Delivery[]> {
  for await (const endpointIds of endpointIdsOf(ports, event, after?.endpointId)) {
    const recorded = await ports.deliveries.ofEvent(event.tenantId, event.id, endpointIds);
    const known = new Set(recorded.filter(({ ordinal }) => ordinal === 0).map(({ endpointId }) => endpointId));
    const pending = endpointIds
      .filter((id) => !known.has(id))
      .map((endpointId) => pendingRecord(ports, event, endpointId));
    const ordered = newestFirst([...recorded, ...pending]);
    yield after ? ordered.filter((delivery) => isAfter(after, delivery)) : ordered;
  }
}

/** The record that a matched endpoint without one stands for. */
export function pendingRecord(ports: Pick<Ports, 'clock'>, event: Event, endpointId: string): Delivery {
  const record = newRecord(event, { tenantId: event.tenantId, endpointId, eventId: event.id, ordinal: 0 });
  const unconfirmed = ports.clock.now() - event.acceptedAt > UNCONFIRMED_AFTER;
  return unconfirmed ? { ...record, statusReason: 'unconfirmed' } : record;
}

/** By its record, or as a pending one that has none yet (revision 0). */
export async function findDelivery(ports: HistoryPorts, key: DeliveryKey): Promise<Delivery | undefined> {
  return (await ports.deliveries.get(key)) ?? pendingOne(ports, key);
}

async function pendingOne(ports: HistoryPorts, key: DeliveryKey): Promise<Delivery | undefined> {
  const event = key.ordinal === 0 ? await ports.events.get(key.tenantId, key.eventId) : undefined;
  const isThere = event && (await isEndpointOf(ports, event, key.endpointId));
  return isThere ? pendingRecord(ports, event, key.endpointId) : undefined;
}

/** With each endpoint's schedule, read once. */
export async function asViews(
  ports: Pick<Ports, 'endpoints'>,
  deliveries: readonly Delivery[],
): Promise<DeliveryView[]> {
  const limits = new Map<string, number>();
  const firsts = new Map(deliveries.map((delivery) => [delivery.endpointId, delivery]));
  await Promise.all(
    [...firsts.values()].map(async ({ tenantId, endpointId }) => {
      const endpoint = await ports.endpoints.get(tenantId, endpointId);
      if (endpoint) limits.set(endpointId, maxAttempts(endpoint.retry));
    }),
  );
  return deliveries.map((delivery) => ({
    delivery,
    maxAttempts: delivery.scheduleBase + (limits.get(delivery.endpointId) ?? delivery.attempts.length),
  }));
}

function sumOf(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0);
}
