import { expect } from 'vitest';
import { isFinal } from '../../lib/domain/delivery-state.ts';
import type { Delivery } from '../../lib/domain/delivery.ts';
import { type Endpoint, isPolled } from '../../lib/domain/endpoint.ts';
import { deliveriesOf } from '../../lib/pipeline/history/event-deliveries.ts';
import { maxAttempts } from '../../lib/dialects/retry-presets.ts';
import { readDeliveryMessage } from '../../lib/domain/message.ts';
import { TENANT, type World } from './world.ts';

/** All deliveries of the tenant, those without a record as pending. */
export async function allDeliveries(world: World): Promise<Delivery[]> {
  const events = await world.store.events.page(TENANT, { limit: 1000 });
  const all = await Promise.all(events.map((event) => Array.fromAsync(deliveriesOf(world.ports, event))));
  return all.flat(2);
}

/** The numbered invariants of docs/delivery-states.md, for a world that has come to rest. */
export async function expectAtRest(
  world: World,
  accepted: readonly string[],
  endpoints: readonly Endpoint[],
): Promise<void> {
  const promised = (await allDeliveries(world)).filter(({ eventId }) => accepted.includes(eventId));
  for (const delivery of promised) {
    const endpoint = endpoints.find(({ id }) => id === delivery.endpointId);
    if (!endpoint) throw new Error(`a delivery of an unknown endpoint ${delivery.endpointId}`);
    // 1, 5: every accepted delivery came to an end.
    expect(isFinal(delivery.status) || delivery.status === 'held', `${delivery.endpointId} is ${delivery.status}`).toBe(
      true,
    );
    await expectTruthful(world, delivery, endpoint);
  }
  await expectNothingLeft(world);
  await expectDeadLetters(world, promised);
}

/** What the record says is what the customer saw. */
async function expectTruthful(world: World, delivery: Delivery, endpoint: Endpoint): Promise<void> {
  const seen = world.customers.countsByEvent(endpoint.url).get(delivery.eventId) ?? 0;
  // 7, 11: delivered means that a request was answered 2xx, or that it was committed; all of them carry the event's id.
  if (delivery.status === 'delivered' && !isPolled(endpoint)) expect(delivery.attempts.at(-1)?.statusCode).toBe(200);
  // 3: an attempt is counted only for a request that was made, and never more than the schedule allows.
  expect(delivery.attempts.length).toBeLessThanOrEqual(seen);
  expect(delivery.attempts.length - delivery.scheduleBase).toBeLessThanOrEqual(maxAttempts(endpoint.retry));
  // 6: attempts are as far apart as their schedule asks, less the jitter.
  const delays = 'delays' in endpoint.retry ? endpoint.retry.delays : [];
  delivery.attempts.slice(1).forEach((attempt, index) => {
    const before = delivery.attempts[index];
    const least = (delays[index] ?? 0) * 1000 * 0.8;
    if (index + 1 !== delivery.scheduleBase)
      expect(attempt.at - (before?.at ?? 0)).toBeGreaterThanOrEqual(Math.floor(least));
  });
}

/** 4, 5: no message and no due entry is left but those of held deliveries. */
async function expectNothingLeft(world: World): Promise<void> {
  for (const queue of ['deliveries', 'retries', 'slow', 'jobs', 'poison'] as const) {
    expect(world.count(queue), `messages in ${queue}`).toBe(0);
  }
}

/** 9: each exhausted delivery has its message in the exhausted queue, of the epoch that opens a redrive. */
async function expectDeadLetters(world: World, promised: readonly Delivery[]): Promise<void> {
  const pointers = [];
  for (let batch = await world.store.queues.receive('exhausted', 10); batch.length > 0;) {
    for (const { body } of batch) {
      const parsed = readDeliveryMessage(body);
      if (parsed.kind === 'pointer') pointers.push(parsed.pointer);
    }
    batch = await world.store.queues.receive('exhausted', 10);
  }
  for (const delivery of promised.filter(({ status }) => status === 'exhausted')) {
    const { eventId, endpointId, ordinal, epoch } = delivery;
    const own = expect.objectContaining({ eventId, endpointId, ordinal, epoch });
    // One that was retried manually can't be redriven any more: its message, if it has one, is stale.
    if (isRepeated(promised, delivery)) expect(pointers).not.toContainEqual(own);
    else expect(pointers).toContainEqual(own);
    expect(delivery.dlqPending).toBeUndefined();
  }
}

function isRepeated(all: readonly Delivery[], { eventId, endpointId, ordinal }: Delivery): boolean {
  return all.some(
    (one) => one.eventId === eventId && one.endpointId === endpointId && one.retriedFromOrdinal === ordinal,
  );
}
