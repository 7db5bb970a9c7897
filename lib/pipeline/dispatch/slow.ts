import { handedToSlow, isWithSlow } from '../../domain/delivery-changes.ts';
import { writeDeliveryMessage } from '../../domain/message.ts';
import { isSlow } from '../../domain/slowness.ts';
import { doublingSeconds } from '../../domain/times.ts';
import type { Places } from './places.ts';
import { type Verdict, type Visit, recordOf } from './visit.ts';
import { type WaitTools, setAside } from './waiting.ts';

/** What keeping slow endpoints apart takes. */
export interface SlowTools extends WaitTools {
  places: Places;
}

/** Seconds that a delivery over its endpoint's limit waits at first, and at most. */
const FIRST_WAIT_SECONDS = 2;
const LONGEST_WAIT_SECONDS = 16;
/** The receive at which a first attempt leaves deliveries instead: each receive counts, and the queue limits them. */
const MOST_HIDINGS = 5;

/**
 * Makes an attempt in a place of its endpoint. A delivery of a slow endpoint goes to the queue slow, where the places are
 * not limited by endpoint but by the queue's own concurrency; one without a free place comes back a little later.
 */
export async function inPlace(
  tools: SlowTools,
  visit: Visit,
  work: () => Promise<Verdict | 'reread'>,
): Promise<Verdict | 'reread'> {
  const { endpoint, health } = visit.snapshot;
  if (visit.queue === 'slow' || !endpoint) return work();
  if (isSlow(endpoint, health, tools.ports.clock.now())) return handToSlow(tools.ports, visit);
  const leave = tools.places.take(endpoint);
  if (!leave) return comeBackLater(tools, visit);
  try {
    return await work();
  } finally {
    leave();
  }
}

/**
 * The record first: slow may take longer than it keeps a message, and then sweep finds the delivery. Then the message, as
 * it is, and then the acknowledgement: after a crash in between the first message comes back, and two messages of one
 * epoch do no more than SQS does now and then.
 */
async function handToSlow(
  { clock, deliveries, queues }: SlowTools['ports'],
  visit: Visit,
): Promise<Verdict | 'reread'> {
  const { pointer } = visit;
  const record = recordOf(visit);
  if (!isWithSlow(record, clock.now())) {
    const written = await deliveries.writeUnlessSuperseded(handedToSlow(record, clock.now()));
    if (!written) return 'reread';
  }
  await queues.send('slow', [{ body: writeDeliveryMessage(pointer), group: pointer.endpointId }]);
  return 'acknowledge';
}

async function comeBackLater(tools: SlowTools, visit: Visit): Promise<Verdict | 'reread'> {
  const { ports } = tools;
  const { receiveCount } = visit.message;
  const { record } = visit.snapshot;
  // Overdue, so that even a stale message may act: it need not, for sweep has the delivery.
  if (record && visit.pointer.epoch < record.epoch) return 'acknowledge';
  const seconds = doublingSeconds(FIRST_WAIT_SECONDS, receiveCount, LONGEST_WAIT_SECONDS);
  if (!record && receiveCount >= MOST_HIDINGS)
    return setAside(tools, visit, { reason: 'delayed', dueAt: ports.clock.now() + seconds * 1000 });
  await ports.queues.hide(visit.queue, visit.message, seconds);
  return 'keep';
}
