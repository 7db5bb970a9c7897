import { type Event, carriedBytes } from '../../domain/event.ts';
import { typeMatches } from '../../domain/subscription.ts';
import type { Ports } from '../../ports/ports.ts';
import { isEndpointOf } from '../delivery/event-endpoints.ts';
import { type EventsQuery, MAX_PAGE_BYTES, listEvents } from './history.ts';
import type { Page } from './views.ts';

/** Which events; all of what is given must hold. */
export interface EventFilter {
  /** A type, or a pattern as subscriptions have it. */
  type?: string;
  /** The platform's own id. */
  externalId?: string;
  /** Went to this endpoint: matched when it was accepted, or added by a replay. */
  endpointId?: string;
}

/** How many items one call reads at most, beside {@link MAX_PAGE_BYTES}: a rare match is found over several pages. */
const MAX_READS = 2000;
const AT_ONCE = 50;
/** What one event costs at most: itself, its data, and where its endpoints stand in pages, a search among these. */
const READS_PER_EVENT = 10;

/**
 * Events that a filter takes, newest first. There is no index for it, which each event would have to be written into.
 * A page may be shorter than its limit, or empty, and have a next one.
 */
export async function searchEvents(
  ports: Pick<Ports, 'events'>,
  tenantId: string,
  query: EventsQuery,
  filter: EventFilter,
): Promise<Page<Event>> {
  if (Object.keys(filter).length === 0) return listEvents(ports, tenantId, query);
  const { limit, cursor, ...range } = query;
  const found: Event[] = [];
  let [reads, looked, bytes, next] = [0, 0, 0, cursor];
  while (reads + AT_ONCE * READS_PER_EVENT <= MAX_READS && looked < MAX_PAGE_BYTES) {
    const look = { ...range, limit: AT_ONCE, ...(next !== undefined && { cursor: next }) };
    const { data, nextCursor } = await listEvents(ports, tenantId, look);
    const isMeant = await Promise.all(data.map((event) => takes(ports, filter, event)));
    for (const [index, event] of data.entries()) {
      if (!isMeant[index]) continue;
      found.push(event);
      bytes += carriedBytes(event);
      if (found.length === limit || bytes >= MAX_PAGE_BYTES) return { data: found, nextCursor: event.id };
    }
    if (nextCursor === undefined) return { data: found };
    next = nextCursor;
    looked += data.reduce((sum, event) => sum + event.data.length, 0);
    reads += data.reduce((sum, event) => sum + readsOf(filter, event), 0);
  }
  return { data: found, ...(next !== undefined && { nextCursor: next }) };
}

async function takes(ports: Pick<Ports, 'events'>, filter: EventFilter, event: Event): Promise<boolean> {
  const { type = '*', externalId = event.externalId, endpointId } = filter;
  const isOfType = type === '*' || typeMatches(type, event.type);
  if (!isOfType || externalId !== event.externalId) return false;
  return endpointId === undefined || isEndpointOf(ports, event, endpointId);
}

/** No fewer than were made. */
function readsOf({ endpointId }: EventFilter, event: Event): number {
  const ofEvent = 2;
  if (endpointId === undefined) return ofEvent;
  const { pages = 0 } = event.endpointPages ?? {};
  return ofEvent + 1 + (pages === 0 ? 0 : Math.ceil(Math.log2(pages + 1)) + 1);
}
