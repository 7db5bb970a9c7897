import type { QueueReceiver, QueueSender } from '../ports/queues.ts';

/**
 * What "start DLQ redrive" of SQS does: moves the messages that stand in the exhausted queue into retries, where each
 * means: retry now. A crash in between leaves a message in both, and the second one is stale.
 * @returns how many messages were moved
 */
export async function redriveExhausted(queues: QueueSender & QueueReceiver): Promise<number> {
  let moved = 0;
  for (;;) {
    const messages = await queues.receive('exhausted', 10);
    if (messages.length === 0) return moved;
    await queues.send(
      'retries',
      messages.map(({ body, group = 'redrive' }) => ({ body, group })),
    );
    await queues.delete('exhausted', messages);
    moved += messages.length;
  }
}
