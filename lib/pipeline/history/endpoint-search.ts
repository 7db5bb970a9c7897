import { type Endpoint, type EndpointStatus, shownUrl } from '../../domain/endpoint.ts';
import type { EventTopic } from '../../domain/event.ts';
import { matches } from '../../domain/subscription.ts';
import type { Ports } from '../../ports/ports.ts';
import { eventTypeOf } from '../catalogue.ts';
import { subscriptionOf } from '../endpoints/matching.ts';
import { type EndpointHistoryPorts, type EndpointView, carriedBytesOf, endpointView } from './endpoint-history.ts';
import { MAX_PAGE_BYTES } from './history.ts';
import type { Page } from './views.ts';

/** Which endpoints; all of what is given must hold. Texts are compared without regard to upper and lower case. */
export interface EndpointFilter {
  status?: EndpointStatus | undefined;
  /** A part of the URL. */
  url?: string | undefined;
  /** A part of the label. */
  label?: string | undefined;
  /** One pair of the metadata, exactly. */
  metadata?: { name: string; value: string } | undefined;
  /** It subscribes to this type, in some project. */
  eventType?: string | undefined;
}

/**
 * How many endpoints one call looks at, beside {@link MAX_PAGE_BYTES} of them. With two reads for each of the 200 that
 * it shows at most, it reads 2,000 items at most; a rare match is found over several pages.
 */
const MAX_LOOKS = 1500;
const AT_ONCE = 100;

/**
 * Endpoints that a filter takes, by id; deleted ones are left out. There is no index for it. A page may be shorter than
 * its limit, or empty, and have a next one.
 */
export async function searchEndpoints(
  ports: EndpointHistoryPorts & Pick<Ports, 'eventTypes'>,
  tenantId: string,
  { cursor, limit }: { cursor?: string; limit: number },
  filter: EndpointFilter,
): Promise<Page<EndpointView>> {
  const isMeant = await conditionOf(ports, tenantId, filter);
  const found: Endpoint[] = [];
  let [looks, looked, bytes, next] = [0, 0, 0, cursor];
  do {
    const page = await ports.endpoints.page(tenantId, next, AT_ONCE);
    for (const endpoint of page.endpoints) {
      if (!isMeant(endpoint)) continue;
      found.push(endpoint);
      bytes += carriedBytesOf(endpoint);
      if (found.length === limit || bytes >= MAX_PAGE_BYTES) return shown(ports, found, endpoint.id);
    }
    next = page.next;
    looks += AT_ONCE;
    looked += page.endpoints.reduce((sum, endpoint) => sum + JSON.stringify(endpoint).length, 0);
  } while (next !== undefined && looks < MAX_LOOKS && looked < MAX_PAGE_BYTES);
  return shown(ports, found, next);
}

async function shown(
  ports: EndpointHistoryPorts,
  found: readonly Endpoint[],
  next: string | undefined,
): Promise<Page<EndpointView>> {
  const data = await Promise.all(found.map((endpoint) => endpointView(ports, endpoint)));
  return { data, ...(next !== undefined && { nextCursor: next }) };
}

async function conditionOf(
  ports: Pick<Ports, 'eventTypes'>,
  tenantId: string,
  { status, url = '', label = '', metadata, eventType }: EndpointFilter,
): Promise<(endpoint: Endpoint) => boolean> {
  const topic = eventType === undefined ? undefined : await topicOf(ports, tenantId, eventType);
  return (endpoint) =>
    endpoint.statusReason !== 'deleted' &&
    (status === undefined || endpoint.status === status) &&
    contains(shownUrl(endpoint), url) &&
    contains(endpoint.label ?? '', label) &&
    (metadata === undefined || endpoint.metadata?.[metadata.name] === metadata.value) &&
    (topic === undefined || matches({ events: subscriptionOf(endpoint).events }, topic));
}

async function topicOf(ports: Pick<Ports, 'eventTypes'>, tenantId: string, type: string): Promise<EventTopic> {
  const category = (await eventTypeOf(ports, tenantId, type))?.category;
  return { type, ...(category !== undefined && { category }) };
}

function contains(text: string, part: string): boolean {
  return text.toLowerCase().includes(part.toLowerCase());
}
