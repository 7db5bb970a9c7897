import type { Delivery } from '../../lib/domain/delivery.ts';
import type { Endpoint } from '../../lib/domain/endpoint.ts';
import { newId } from '../../lib/domain/ids.ts';
import { written } from './records.ts';
import { TENANT, type World } from './world.ts';

/** Writes exhausted deliveries to an endpoint, one event each, as if they had failed once. */
export async function writeExhausted(
  world: World,
  endpoint: Endpoint,
  count: number,
  changes: Partial<Delivery> = {},
): Promise<Delivery[]> {
  const { clock, random, store } = world;
  const now = clock.now();
  const ids = { now: () => now, fraction: () => random.fraction() };
  const records = Array.from({ length: count }, (): Delivery => {
    const attempt = { number: 1, at: now, durationMs: 5, statusCode: 500, errorKind: 'status' as const };
    return {
      tenantId: TENANT,
      endpointId: endpoint.id,
      eventId: newId('evt', ids),
      ordinal: 0,
      eventType: 'task.completed',
      status: 'exhausted',
      attempts: [attempt],
      epoch: 2,
      revision: 0,
      scheduleBase: 0,
      createdAt: now,
      updatedAt: now,
      ...changes,
    };
  });
  for (const { eventId: id, eventType: type, endpointId } of records) {
    const event = { tenantId: TENANT, id, type, data: '{"n":1}', acceptedAt: now, endpointIds: [endpointId] };
    await store.events.putUnlessExists(event);
  }
  return Promise.all(records.map((record) => written(world.ports.deliveries, record)));
}
