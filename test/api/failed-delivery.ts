import type { Delivery } from '../../lib/domain/delivery.ts';
import { deliveryId } from '../../lib/domain/ids.ts';
import { planted } from '../support/records.ts';
import type { ApiFixture } from './fixture.ts';

/** An endpoint and an event that it matches. */
export interface Pair {
  endpointId: string;
  eventId: string;
}

/** Registers an endpoint with these delays between attempts, and posts it an event. */
export async function makePair(fixture: ApiFixture, delays: number[]): Promise<Pair> {
  const body = { url: 'https://example.com/hooks', events: ['task.*'], retry: { delays } };
  const endpointId = (await fixture.succeed('endpoints.create', { body })).id;
  const eventId = (await fixture.succeed('events.post', { body: { type: 'task.completed', data: {} } })).id;
  return { endpointId, eventId };
}

/**
 * Writes the record of a delivery that failed once and has no attempt left, or with these changes.
 * @returns the delivery's id
 */
export async function writeFailed(
  { store, clock }: ApiFixture,
  pair: Pair,
  changes: Partial<Delivery> = {},
  responseBody?: Uint8Array,
): Promise<string> {
  const now = clock.now();
  const record: Delivery = {
    ...pair,
    tenantId: 'default',
    ordinal: 0,
    eventType: 'task.completed',
    status: 'exhausted',
    attempts: [
      { number: 1, at: now, durationMs: 12, statusCode: 500, errorKind: 'status', errorMessage: 'answered 500' },
    ],
    epoch: 1,
    revision: 0,
    scheduleBase: 0,
    createdAt: now,
    updatedAt: now,
    ...changes,
  };
  await store.deliveries.writeUnlessSuperseded(planted(record), responseBody && { attempt: 1, bytes: responseBody });
  return deliveryId(record);
}
