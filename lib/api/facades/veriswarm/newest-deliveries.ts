import { deliveryId, parseDeliveryId } from '../../../domain/ids.ts';
import { listDeliveries } from '../../../pipeline/history/delivery-lists.ts';
import { type DeliveryView, type ViewPorts, asViews } from '../../../pipeline/history/views.ts';
import type { Ports } from '../../../ports/ports.ts';

/** How many of the last numbers are looked at for manual retries: what was retried by this API has a number since then. */
const LATEST = 200;
/** How many pages of the list are read for one answer: some 5,000 events, of which many may have no delivery. */
const MOST_PAGES = 5;

/**
 * The newest by their own creation: those of the newest events, and manual retries of older ones that have one of the
 * last 200 numbers.
 * @throws RequestError `not-found` for an unknown endpoint
 */
export async function newestDeliveries(
  ports: ViewPorts & Pick<Ports, 'numbers'>,
  tenantId: string,
  { endpointId, limit }: { endpointId?: string; limit: number },
): Promise<DeliveryView[]> {
  const ofEvents = await ofNewestEvents(ports, tenantId, { limit, ...(endpointId !== undefined && { endpointId }) });
  const retried = await retriedOnes(ports, tenantId, endpointId);
  const all = new Map([...ofEvents, ...retried].map((view) => [deliveryId(view.delivery), view]));
  return [...all.values()].toSorted(newestFirst).slice(0, limit);
}

/** A page of the list may be short and have a next one: the bound holds for the tenant that has posted to nobody. */
async function ofNewestEvents(
  ports: ViewPorts,
  tenantId: string,
  query: { endpointId?: string; limit: number },
): Promise<DeliveryView[]> {
  const found: DeliveryView[] = [];
  let cursor: string | undefined;
  for (let pages = 0; pages < MOST_PAGES && found.length < query.limit; pages += 1) {
    const limit = query.limit - found.length;
    const page = await listDeliveries(ports, tenantId, { ...query, limit, ...(cursor !== undefined && { cursor }) });
    found.push(...page.data);
    cursor = page.nextCursor;
    if (cursor === undefined) break;
  }
  return found;
}

async function retriedOnes(
  ports: ViewPorts & Pick<Ports, 'numbers'>,
  tenantId: string,
  endpointId: string | undefined,
): Promise<DeliveryView[]> {
  const latest = await ports.numbers.latest({ tenantId, kind: 'delivery' }, LATEST);
  const keys = latest
    .map((id) => parseDeliveryId(id, tenantId))
    .filter((key) => key !== undefined)
    .filter((key) => key.ordinal > 0 && (endpointId === undefined || key.endpointId === endpointId));
  const records = keys.length === 0 ? [] : await ports.deliveries.getMany(keys);
  return asViews(
    ports,
    records.filter((record) => record !== undefined),
  );
}

function newestFirst({ delivery: a }: DeliveryView, { delivery: b }: DeliveryView): number {
  if (a.createdAt !== b.createdAt) return b.createdAt - a.createdAt;
  return deliveryId(b) < deliveryId(a) ? -1 : 1;
}
