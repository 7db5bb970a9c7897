import type { EndpointPages, Event } from '../../domain/event.ts';
import type { Ports } from '../../ports/ports.ts';

type EventPorts = Pick<Ports, 'events'>;
type PagedEvent = Event & { endpointPages: EndpointPages };

/** How many ids one step yields: as many as DynamoDB reads at once (BatchGetItem). */
const STEP = 100;

/**
 * The endpoints of an event, descending, a bounded number at a time, however many it has: those that matched when it was
 * accepted, and those that replays added.
 * @param from start with this id, or the first one below it
 */
export async function* endpointIdsOf(ports: EventPorts, event: Event, from?: string): AsyncGenerator<string[]> {
  let added = (await ports.events.addedEndpoints(event.tenantId, event.id)).toReversed();
  for await (const page of pagesDownFrom(ports, event, from)) {
    const lowest = page[0];
    const between = added.filter((id) => lowest !== undefined && id >= lowest);
    added = added.slice(between.length);
    yield* steps([...new Set([...page, ...between])].toSorted().toReversed(), from);
  }
  yield* steps(added, from);
}

function* steps(descending: readonly string[], from: string | undefined): Generator<string[]> {
  const ids = from === undefined ? descending : descending.filter((id) => id <= from);
  for (let start = 0; start < ids.length; start += STEP) yield ids.slice(start, start + STEP);
}

/** Did an endpoint match when the event was accepted? Then it has a first message, if no record. */
export async function matchedAtIngest(ports: EventPorts, event: Event, endpointId: string): Promise<boolean> {
  if (!isPaged(event)) return event.endpointIds.includes(endpointId);
  const index = await lastPageFrom(ports, event, endpointId);
  return index >= 0 && (await endpointPageOf(ports, event, index)).includes(endpointId);
}

/** Does the event go to an endpoint: matched, or added by a replay? */
export async function isEndpointOf(ports: EventPorts, event: Event, endpointId: string): Promise<boolean> {
  if (await matchedAtIngest(ports, event, endpointId)) return true;
  return (await ports.events.addedEndpoints(event.tenantId, event.id)).includes(endpointId);
}

export function isPaged(event: Event): event is PagedEvent {
  return event.endpointPages !== undefined;
}

/** @throws Error when it is not there: pages are written before their event, and kept for as long as it is */
export async function endpointPageOf(ports: EventPorts, event: PagedEvent, index: number): Promise<string[]> {
  const { tenantId, id: eventId, endpointPages } = event;
  const page = await ports.events.endpointPage({ tenantId, eventId, token: endpointPages.token, index });
  if (!page) throw new Error(`Page ${index} of the endpoints of ${eventId} is missing.`);
  return page;
}

async function* pagesDownFrom(ports: EventPorts, event: Event, from: string | undefined) {
  if (!isPaged(event)) {
    yield event.endpointIds;
    return;
  }
  const last = from === undefined ? event.endpointPages.pages - 1 : await lastPageFrom(ports, event, from);
  for (let index = last; index >= 0; index -= 1) yield await endpointPageOf(ports, event, index);
}

/** The last page that begins at an id or below it, found by halving; -1 when every page begins above. */
async function lastPageFrom(ports: EventPorts, event: PagedEvent, id: string): Promise<number> {
  let [below, above] = [0, event.endpointPages.pages];
  while (below < above) {
    const middle = Math.floor((below + above) / 2);
    const [first = ''] = await endpointPageOf(ports, event, middle);
    if (first <= id) below = middle + 1;
    else above = middle;
  }
  return below - 1;
}
