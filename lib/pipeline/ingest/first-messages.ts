import type { Event } from '../../domain/event.ts';
import type { OutgoingMessage } from '../../ports/queues.ts';
import { firstMessages } from '../delivery/messages.ts';

/** The first messages of an event that holds its endpoints itself; those that are polled get none. */
export function firstMessagesOf(event: Event, polled: ReadonlySet<string> | undefined): OutgoingMessage[] {
  const { tenantId, id, endpointIds } = event;
  const pushed = polled ? endpointIds.filter((endpointId) => !polled.has(endpointId)) : endpointIds;
  return firstMessages(tenantId, id, pushed);
}
