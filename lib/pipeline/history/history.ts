import type { AttemptSummary, Delivery, DeliveryStatus } from '../../domain/delivery.ts';
import { type Event, carriedBytes } from '../../domain/event.ts';
import { notFound } from '../../domain/errors.ts';
import { parseDeliveryId } from '../../domain/ids.ts';
import type { Job } from '../../domain/job.ts';
import type { Ports } from '../../ports/ports.ts';
import { readPosition, writePosition } from './delivery-order.ts';
import { type HistoryPorts, deliveriesOf, findDelivery } from './event-deliveries.ts';
import { type DeliveryView, type Page, type ViewPorts, asViews } from './views.ts';

export type DeliveryDetail = DeliveryView & { attempts: (AttemptSummary & { responseBody?: Uint8Array })[] };

export interface EventView {
  event: Event;
  counts: Record<DeliveryStatus, number>;
}

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

function sumOf(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0);
}
