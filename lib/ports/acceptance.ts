import type { Event } from '../domain/event.ts';
import type { OutgoingMessage } from './queues.ts';

/** Of a deployment whose events and queues are in one store. */
export interface Acceptance {
  /**
   * Puts an event unless it exists and, if it did not, sends its first messages to deliveries: all in one write.
   * @returns false when it exists: then nothing was sent
   * @throws ServiceFault when the store failed: then nothing was written
   */
  putAndSendUnlessExists(event: Event, messages: readonly OutgoingMessage[]): Promise<boolean>;
}
