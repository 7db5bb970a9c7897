import type { Delivery } from '../../domain/delivery.ts';
import { abandoned } from '../../domain/delivery-changes/stops.ts';
import { faultCounted } from '../../domain/delivery-changes/waits.ts';
import { transition } from '../../domain/delivery-state.ts';
import type { FaultTrigger, WaitTrigger } from '../../domain/delivery-triggers.ts';
import { ServiceFault } from '../../domain/errors.ts';
import { FIRST_ATTEMPT_RECEIVES } from '../../domain/times.ts';
import type { Ports } from '../../ports/ports.ts';
import { faultWaitSeconds, hideForFault, poisonMessage } from '../delivery/faulty-messages.ts';
import type { Verdict, Visit } from './visit.ts';
import { type WaitTools, setAside } from './waiting.ts';

/** The unexpected exception that poisons. */
const LAST_FAULT = 5;

interface FaultTools extends WaitTools {
  ports: WaitTools['ports'] & Pick<Ports, 'log'>;
}

/**
 * A fault of ours costs the customer no attempt (invariant 3). A failing service is waited for; an unexpected exception
 * is counted, in the record, and the fifth one poisons.
 */
export async function afterFault(tools: FaultTools, visit: Visit, cause: unknown): Promise<Verdict> {
  const { ports } = tools;
  ports.log.error('dispatch.fault', cause, visit.fields);
  try {
    const gone = cause instanceof ServiceFault ? await leaveDeliveries(tools, visit) : await countFault(tools, visit);
    if (gone) return 'acknowledge';
  } catch (again) {
    ports.log.error('dispatch.fault', again, visit.fields);
  }
  await hideForFault(ports, visit.queue, visit.message);
  return 'keep';
}

async function leaveDeliveries(tools: FaultTools, visit: Visit): Promise<boolean> {
  const { queue, message, snapshot } = visit;
  if (queue === 'retries' || snapshot.record || message.receiveCount < FIRST_ATTEMPT_RECEIVES) return false;
  return wait(tools, visit, 'must-wait', { times: message.receiveCount });
}

/** True when the message may go: its delivery waits in retries, or is poisoned. */
async function countFault(tools: FaultTools, visit: Visit): Promise<boolean> {
  const { ports } = tools;
  const record = await ports.deliveries.get(visit.pointer);
  const isLast = (record?.faults ?? 0) + 1 >= LAST_FAULT;
  const { action } = transition(record, isLast ? 'fault-limit' : 'faulted');
  if (action === 'set-aside') return wait(tools, visit, 'faulted', { times: 1, faults: 1 });
  if (action === 'poison' && record) return poisonDelivery(ports, visit, record);
  // Superseded by another write: the message comes back, and an exception that goes on is counted then.
  if (action === 'count-fault' && record) await ports.deliveries.writeUnlessSuperseded(faultCounted(record));
  return false;
}

async function wait(
  tools: FaultTools,
  visit: Visit,
  trigger: FaultTrigger | WaitTrigger,
  why: { times: number; faults?: number },
): Promise<boolean> {
  const { times, ...notes } = why;
  const dueAt = tools.ports.clock.now() + faultWaitSeconds(times) * 1000;
  return (await setAside(tools, visit, { reason: 'delayed', dueAt, ...notes }, trigger)) === 'acknowledge';
}

/**
 * Gives up a delivery on which our code fails. Poison has its message first: once its record is abandoned, the message
 * would be acknowledged and raise no alarm. False: the message must be kept, and it is tried again.
 */
async function poisonDelivery(ports: FaultTools['ports'], visit: Visit, record: Delivery): Promise<boolean> {
  const why = 'failed five times with an unexpected exception';
  if (!(await poisonMessage(ports, visit.queue, visit.message, why))) return false;
  const next = abandoned(record, 'fault-limit', 'fault', ports.clock.now());
  return (await ports.deliveries.writeUnlessSuperseded(next)) !== undefined;
}
