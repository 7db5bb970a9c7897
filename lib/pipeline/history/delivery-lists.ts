import type { DeliveryStatus } from '../../domain/delivery.ts';
import { existing } from '../endpoints/change-status.ts';
import { type DeliveriesQuery, type Slice, answers, rangeOf } from './deliveries-query.ts';
import { byEvents } from './list-by-events.ts';
import { ofEndpoint } from './list-of-endpoint.ts';
import { type DeliveryView, type Page, type ViewPorts, asViews } from './views.ts';

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
