import { handedToSlow, isWithSlow } from '../../domain/delivery-changes/waits.ts';
import type { Endpoint } from '../../domain/endpoint.ts';
import { writeDeliveryMessage } from '../../domain/message.ts';
import { isSlow } from '../../domain/slowness.ts';
import { FIRST_ATTEMPT_RECEIVES, doublingSeconds } from '../../domain/times.ts';
import type { Place, Places } from './places.ts';
import { type Verdict, type Visit, recordOf } from './visit.ts';
import { type WaitTools, setAside } from './waiting.ts';

/** What keeping slow endpoints apart takes. */
export interface SlowTools extends WaitTools {
  places: Places;
}

/** Seconds that a delivery over its endpoint's limit waits at first, and at most. */
const FIRST_WAIT_SECONDS = 2;
const LONGEST_WAIT_SECONDS = 16;

/** The places in slow are not limited by endpoint, but by the queue's own concurrency. */
const PLACE_IN_SLOW: Place = { leave: () => undefined };

/**
 * Takes a place of its endpoint for an attempt, which has to leave it. Without one there is no attempt now: a delivery of
 * a slow endpoint goes to the queue slow, and one of an endpoint without a free place comes back a little later.
 */
export async function takePlace(tools: SlowTools, visit: Visit): Promise<Place | Verdict | 'reread'> {
  const { endpoint, health } = visit.snapshot;
  if (visit.queue === 'slow' || !endpoint) return PLACE_IN_SLOW;
  if (isSlow(endpoint, health, tools.ports.clock.now())) return handToSlow(tools.ports, visit);
  return tools.places.take(endpoint) ?? (await waitForPlace(tools, visit, endpoint)) ?? comeBackLater(tools, visit);
}

/** Not while the disk has yet to be synchronized for the message: those before it have places and wait for that too. */
async function waitForPlace({ places }: SlowTools, { message }: Visit, endpoint: Endpoint): Promise<Place | undefined> {
  if (!message.safe) return places.waitFor(endpoint);
  await message.safe;
  return places.take(endpoint) ?? places.waitFor(endpoint);
}

/**
 * The record first: slow may take longer than it keeps a message, and then sweep finds the delivery. Then the message, as
 * it is, and then the acknowledgement: after a crash in between the first message comes back, and two messages of one
 * epoch do no more than SQS does now and then. Grouped by tenant: thousands of slow endpoints of one take one turn.
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
  await queues.send('slow', [{ body: writeDeliveryMessage(pointer), group: pointer.tenantId }]);
  return 'acknowledge';
}

async function comeBackLater(tools: SlowTools, visit: Visit): Promise<Verdict | 'reread'> {
  const { ports } = tools;
  const { receiveCount } = visit.message;
  const { record } = visit.snapshot;
  // Overdue, so that even a stale message may act: it need not, for sweep has the delivery.
  if (record && visit.pointer.epoch < record.epoch) return 'acknowledge';
  const seconds = doublingSeconds(FIRST_WAIT_SECONDS, receiveCount, LONGEST_WAIT_SECONDS);
  if (!record && receiveCount >= FIRST_ATTEMPT_RECEIVES)
    return setAside(tools, visit, { reason: 'delayed', dueAt: ports.clock.now() + seconds * 1000 });
  await ports.queues.hide(visit.queue, visit.message, seconds);
  return 'keep';
}
