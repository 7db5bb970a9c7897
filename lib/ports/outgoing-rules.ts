import { MAX_DELAY_SECONDS, checkSeconds } from './queue-rules.ts';
import type { OutgoingMessage } from './queues.ts';

/** A larger body is refused: bytes of UTF-8. A batch of messages may be no larger either. */
export const MAX_MESSAGE_BYTES = 1_048_576;

/** @throws RangeError when a message's delay or body is out of range */
export function checkOutgoing(messages: readonly OutgoingMessage[]): void {
  for (const { body, delaySeconds } of messages) {
    checkSeconds(delaySeconds ?? 0, MAX_DELAY_SECONDS);
    const bytes = Buffer.byteLength(body);
    if (bytes > MAX_MESSAGE_BYTES)
      throw new RangeError(`a message has at most ${MAX_MESSAGE_BYTES} bytes, this one ${bytes}`);
  }
}
