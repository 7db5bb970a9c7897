import { type EventType, MAX_EVENT_TYPES } from '../domain/event-type.ts';
import type { Ports } from '../ports/ports.ts';

type CataloguePorts = Pick<Ports, 'eventTypes'>;

/** What a tenant's catalogue, or else the platform's, says of a type. */
export async function eventTypeOf(
  { eventTypes }: CataloguePorts,
  tenantId: string,
  type: string,
): Promise<EventType | undefined> {
  return (await eventTypes.get(tenantId, type)) ?? eventTypes.get(undefined, type);
}

/** All types that are in a tenant's catalogue or in the platform's, by type; the tenant's entry holds. */
export async function catalogueOf({ eventTypes }: CataloguePorts, tenantId: string): Promise<EventType[]> {
  const [own, shared] = await Promise.all(
    [tenantId, undefined].map((owner) => eventTypes.page(owner, undefined, MAX_EVENT_TYPES)),
  );
  const byType = new Map([...(shared ?? []), ...(own ?? [])].map((eventType) => [eventType.type, eventType]));
  return [...byType.values()].toSorted((a, b) => (a.type < b.type ? -1 : 1));
}
