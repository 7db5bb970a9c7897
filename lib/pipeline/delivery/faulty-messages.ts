import { createHash } from 'node:crypto';
import { isJobMessage } from '../../domain/message.ts';
import { doublingSeconds } from '../../domain/times.ts';
import { unquoted } from '../../domain/unquoted.ts';
import type { Ports } from '../../ports/ports.ts';
import { MAX_MESSAGE_BYTES } from '../../ports/outgoing-rules.ts';
import type { QueueName, ReceivedMessage } from '../../ports/queues.ts';

const FIRST_WAIT_SECONDS = 30;
const LONGEST_WAIT_SECONDS = 15 * 60;

/** 30 s, 1, 2, 4, 8 and then 15 minutes. */
export function faultWaitSeconds(times: number): number {
  return doublingSeconds(FIRST_WAIT_SECONDS, times, LONGEST_WAIT_SECONDS);
}

/** The stage that works a message, as its log lines begin. */
function stageOf(queue: QueueName, { body }: ReceivedMessage): 'job' | 'dispatch' {
  return queue === 'jobs' || (queue === 'slow' && isJobMessage(body)) ? 'job' : 'dispatch';
}

/** Hides a message for a growing time. When even that fails, its visibility timeout brings it back. */
export async function hideForFault(
  ports: Pick<Ports, 'queues' | 'log'>,
  queue: QueueName,
  message: ReceivedMessage,
): Promise<void> {
  try {
    await ports.queues.hide(queue, message, faultWaitSeconds(message.receiveCount));
  } catch (cause) {
    ports.log.warn(`${stageOf(queue, message)}.not-hidden`, {
      queue,
      message_id: message.messageId,
      why: unquoted(String(cause)),
    });
  }
}

/** What is left of a body that its envelope would make larger than a queue takes, in characters. */
const HEAD_LENGTH = 4096;

/** A body, with the queue that it came from; only its head, size and hash when the whole would be refused. */
function poisonEnvelope(from: QueueName, body: string, why: string): string {
  const whole = JSON.stringify({ v: 1, from, why, body });
  if (Buffer.byteLength(whole) <= MAX_MESSAGE_BYTES) return whole;
  const cut = { bytes: Buffer.byteLength(body), sha256: createHash('sha256').update(body).digest('hex') };
  return JSON.stringify({ v: 1, from, why, body: body.slice(0, HEAD_LENGTH), cut });
}

/**
 * Puts what our code cannot read into poison, with the queue that it came from. False when poison does not take it: it
 * must be kept.
 */
export async function poisonMessage(
  ports: Pick<Ports, 'queues' | 'log'>,
  queue: QueueName,
  message: ReceivedMessage,
  why: string,
): Promise<boolean> {
  ports.log.error(`${stageOf(queue, message)}.poisoned`, new Error(why), {
    queue,
    message_id: message.messageId,
  });
  try {
    const body = poisonEnvelope(queue, message.body, why);
    await ports.queues.send('poison', [{ body, group: message.group ?? queue }]);
    return true;
  } catch (cause) {
    ports.log.error(`${stageOf(queue, message)}.not-poisoned`, cause, { queue, message_id: message.messageId });
    return false;
  }
}
