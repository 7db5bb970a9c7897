import { transition } from '../../domain/delivery-state.ts';
import { ServiceFault } from '../../domain/errors.ts';
import type { Ports } from '../../ports/ports.ts';
import type { QueueName, ReceivedMessage } from '../../ports/queues.ts';
import type { Attempting } from './attempt.ts';
import { poisonDelivery } from './dead-letter.ts';
import { setAside } from './set-aside.ts';
import { type Verdict, type Visit, describe } from './visit.ts';

const FIRST_WAIT_SECONDS = 30;
const LONGEST_WAIT_SECONDS = 15 * 60;
/** The receive at which a first attempt leaves deliveries (C5), and the unexpected exception that poisons (C7). */
const LIMIT = 5;

/** 30 s, 1, 2, 4, 8 and then 15 minutes. */
function waitSeconds(times: number): number {
  return Math.min(FIRST_WAIT_SECONDS * 2 ** Math.min(times - 1, 10), LONGEST_WAIT_SECONDS);
}

/** Hides a message for a growing time. When even that fails, its visibility timeout brings it back. */
export async function hideForFault(
  ports: Pick<Ports, 'queues' | 'log'>,
  queue: QueueName,
  message: ReceivedMessage,
): Promise<void> {
  try {
    await ports.queues.hide(queue, message, waitSeconds(message.receiveCount));
  } catch (cause) {
    ports.log.warn('dispatch.not-hidden', { queue, message_id: message.messageId, why: String(cause) });
  }
}

/**
 * A fault of ours costs the customer no attempt (C7). What may pass waits; an unexpected exception is counted, in the
 * record, and the fifth one poisons.
 */
export async function afterFault(attempting: Attempting, visit: Visit, cause: unknown): Promise<Verdict> {
  const { ports } = attempting;
  ports.log.error('dispatch.fault', cause, describe(visit));
  try {
    const gone =
      cause instanceof ServiceFault ? await leaveDeliveries(attempting, visit) : await countFault(attempting, visit);
    if (gone) return 'acknowledge';
  } catch (again) {
    ports.log.error('dispatch.fault', again, describe(visit));
  }
  await hideForFault(ports, visit.queue, visit.message);
  return 'keep';
}

async function leaveDeliveries(attempting: Attempting, visit: Visit): Promise<boolean> {
  const { queue, message, snapshot } = visit;
  if (queue !== 'deliveries' || snapshot.record || message.receiveCount < LIMIT) return false;
  return wait(attempting, visit, { times: message.receiveCount });
}

/** True when the message may go: its delivery waits in retries, or is poisoned. */
async function countFault(attempting: Attempting, visit: Visit): Promise<boolean> {
  const { ports } = attempting;
  const record = await ports.deliveries.get(visit.pointer);
  if (!record) return wait(attempting, visit, { times: 1, faults: 1 });
  if (transition(record, 'fault-limit').act !== 'poison') return false;
  const faults = (record.faults ?? 0) + 1;
  if (faults >= LIMIT) return poisonDelivery(ports, visit, record);
  // Lost when another writes the record at the same moment: the message comes back, and what keeps failing is counted.
  await ports.deliveries.writeUnlessSuperseded({ ...record, faults });
  return false;
}

async function wait(attempting: Attempting, visit: Visit, why: { times: number; faults?: number }): Promise<boolean> {
  const { times, ...notes } = why;
  const dueAt = attempting.ports.clock.now() + waitSeconds(times) * 1000;
  return (await setAside(attempting, visit, { reason: 'delayed', dueAt, ...notes })) === 'acknowledge';
}
