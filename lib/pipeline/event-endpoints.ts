import type { Event } from '../domain/event.ts';
import type { Ports } from '../ports/ports.ts';

type EventPorts = Pick<Ports, 'events'>;

/** Every endpoint that an event goes to: those that matched when it was accepted, then those that replays added (A4). */
export async function endpointIdsOf(ports: EventPorts, event: Event): Promise<string[]> {
  const added = await ports.events.addedEndpoints(event.tenantId, event.id);
  return [...event.endpointIds, ...added.filter((id) => !event.endpointIds.includes(id))];
}

/** Did an endpoint match when the event was accepted? Then it has a first message, if no record. */
export function matchedAtIngest(event: Event, endpointId: string): boolean {
  return event.endpointIds.includes(endpointId);
}

export async function isEndpointOf(ports: EventPorts, event: Event, endpointId: string): Promise<boolean> {
  if (matchedAtIngest(event, endpointId)) return true;
  return (await ports.events.addedEndpoints(event.tenantId, event.id)).includes(endpointId);
}
