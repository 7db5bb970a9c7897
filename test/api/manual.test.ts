import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Delivery } from '../../lib/domain/delivery.ts';
import { deliveryId } from '../../lib/domain/ids.ts';
import { type RouteId, routes } from '../../lib/api/routes.ts';
import { ApiFixture, READER_KEY } from './fixture.ts';

const UNKNOWN = '01KGS4R6M2Z9Q3V8X7T5N1C0HB';
const SINCE = '2025-12-31T00:00:00Z';

let fixture: ApiFixture;
let endpointId: string;
let eventId: string;

beforeEach(async () => {
  fixture = await ApiFixture.open();
  const body = { url: 'https://example.com/hooks', events: ['task.*'], retry: { delays: [60] } };
  endpointId = (await fixture.succeed('endpoints.create', { body })).id;
  eventId = (await fixture.succeed('events.post', { body: { type: 'task.completed', data: {} } })).id;
});
afterEach(() => fixture.close());

/** Writes the record of a delivery that failed once. */
async function write(changes: Partial<Delivery> = {}): Promise<string> {
  const now = fixture.clock.now();
  const record: Delivery = {
    tenantId: 'default',
    endpointId,
    eventId,
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
  await fixture.store.deliveries.writeUnlessSuperseded(record);
  return deliveryId(record);
}

describe('a retry', () => {
  it('of a finished delivery answers the new one, which names what it repeats', async () => {
    const id = await write();
    const made = await fixture.succeed('deliveries.retry', { params: { id } });
    expect(made).toMatchObject({
      id: deliveryId({ eventId, endpointId, ordinal: 1 }),
      status: 'pending',
      attempt_number: 0,
      max_attempts: 2,
      retried_from_delivery_id: id,
      next_retry_at: '2026-01-01T00:00:00.000Z',
    });
    expect((await fixture.succeed('deliveries.get', { params: { id: made.id } })).status).toBe('pending');
    const { data } = await fixture.succeed('events.deliveries', { params: { id: eventId } });
    expect(data.map((row: { id: string }) => row.id)).toEqual([made.id, id]);
    expect(fixture.store.queues.count('retries').visible).toBe(1);
  });

  it('of one that waits answers itself', async () => {
    const id = await write({ status: 'retrying', dueAt: fixture.clock.now() + 60_000 });
    const retried = await fixture.succeed('deliveries.retry', { params: { id }, body: {} });
    expect(retried).toMatchObject({ id, status: 'retrying', next_retry_at: '2026-01-01T00:00:00.000Z' });
  });

  it('is refused with what to do', async () => {
    const held = await write({ status: 'held', statusReason: 'paused' });
    await fixture.succeed('endpoints.pause', { params: { id: endpointId } });
    expect(await fixture.refused('deliveries.retry', { params: { id: held } })).toMatchObject({
      status: 409,
      detail: 'It is held, because its endpoint is paused: resume the endpoint.',
    });
    const id = await write({ ordinal: 1 });
    await fixture.succeed('endpoints.disable', { params: { id: endpointId } });
    expect((await fixture.refused('deliveries.retry', { params: { id } })).detail).toContain('enable that first');
    expect((await fixture.refused('deliveries.retry', { params: { id }, body: { now: true } })).status).toBe(422);
    const unknown = { id: `del_${UNKNOWN}${UNKNOWN}0` };
    expect((await fixture.refused('deliveries.retry', { params: unknown })).status).toBe(404);
    expect((await fixture.refused('deliveries.retry', { params: { id }, key: 'prk_acme' })).status).toBe(404);
  });

  it('of an event that the log keeps no more is refused', async () => {
    const day = 24 * 3_600_000;
    await fixture.clock.advance(20 * day);
    const id = await write({ ordinal: 1 });
    await fixture.clock.advance(15 * day);
    expect(await fixture.refused('deliveries.retry', { params: { id } })).toMatchObject({
      status: 410,
      type: '/problems/event-expired',
    });
  });
});

describe('bulk work', () => {
  const job = (kind: string, more: object = {}) => ({
    id: expect.stringMatching(/^job_/),
    kind,
    endpoint_id: null,
    event_id: null,
    status: 'running',
    processed: 0,
    skipped: 0,
    created_at: '2026-01-01T00:00:00.000Z',
    updated_at: '2026-01-01T00:00:00.000Z',
    ...more,
  });

  it('is answered with its job, which can be looked at and cancelled', async () => {
    const params = { id: endpointId };
    const retry = await fixture.succeed('deliveries.bulk-retry', { body: { status: 'exhausted', since: SINCE } });
    expect(retry).toEqual(job('retry'));
    const replay = await fixture.succeed('endpoints.replay', { params, body: { since: SINCE, event_types: ['a.*'] } });
    expect(replay).toEqual(job('replay', { endpoint_id: endpointId }));
    const ofEvent = await fixture.succeed('events.replay', { params: { id: eventId } });
    expect(ofEvent).toEqual(job('replay', { event_id: eventId }));
    expect(fixture.store.queues.count('jobs').visible).toBe(3);
    const cancelled = await fixture.succeed('jobs.cancel', { params: { id: retry.id } });
    expect(cancelled).toEqual(job('retry', { status: 'cancelled' }));
    expect(await fixture.succeed('jobs.get', { params: { id: retry.id } })).toEqual(cancelled);
  });

  it.each<[string, RouteId, object, string]>([
    ['no condition', 'deliveries.bulk-retry', {}, 'The body must have at least one condition.'],
    [
      'a status that is not final',
      'deliveries.bulk-retry',
      { status: 'held' },
      '`status` must be one of exhausted, aband',
    ],
    ['an empty range', 'deliveries.bulk-retry', { since: SINCE, until: SINCE }, '`since` must be before `until`.'],
    ['no time', 'endpoints.replay', {}, '`since` must be an ISO 8601 time'],
    ['no zone', 'endpoints.replay', { since: '2026-01-01T00:00:00' }, '`since` must be an ISO 8601 time with a zone'],
    ['no type', 'endpoints.replay', { since: SINCE, event_types: [] }, '`event_types` must have at least 1 entry'],
    ['an empty range', 'endpoints.replay', { since: SINCE, until: SINCE }, '`since` must be before `until`.'],
    ['101 endpoints', 'events.replay', { endpoint_ids: Array(101).fill(`ep_${UNKNOWN}`) }, 'at most 100 entries'],
    ['no endpoint', 'events.replay', { endpoint_ids: [] }, '`endpoint_ids` must have at least 1 entry'],
  ])('is refused with %s', async (_, route, body, words) => {
    const id = route === 'endpoints.replay' ? endpointId : eventId;
    const problem = await fixture.refused(route, { params: { id }, body });
    expect(problem).toMatchObject({ status: 422, detail: expect.stringContaining(words) });
  });

  it('is refused for what is not there', async () => {
    const at = (prefix: string) => ({ params: { id: `${prefix}_${UNKNOWN}` } });
    const since = { since: SINCE };
    const noEndpoint = { endpoint_id: `ep_${UNKNOWN}` };
    expect((await fixture.refused('endpoints.replay', { ...at('ep'), body: since })).status).toBe(404);
    expect((await fixture.refused('events.replay', at('evt'))).status).toBe(404);
    expect((await fixture.refused('jobs.cancel', at('job'))).status).toBe(404);
    expect((await fixture.refused('deliveries.bulk-retry', { body: noEndpoint })).status).toBe(404);
  });
});

describe('what waits', () => {
  it('is summarized, and run when it is due', async () => {
    const now = fixture.clock.now();
    await write({ status: 'retrying', dueAt: now - 1000, checkAt: now, updatedAt: now - 2000 });
    await write({ ordinal: 1, status: 'parked', dueAt: now + 1000, checkAt: now });
    expect(await fixture.succeed('retries.summary')).toEqual({
      counts: { pending: 0, retrying: 1, parked: 1, exhausted: 0 },
      rate_limited: 0,
      held: 0,
      due: 1,
      oldest_due_at: '2025-12-31T23:59:59.000Z',
      next_due_at: '2026-01-01T00:00:01.000Z',
      capped: false,
    });
    expect(await fixture.succeed('retries.run', { query: { limit: '5' } })).toEqual({ processed: 1, more: false });
    expect(await fixture.succeed('retries.run')).toEqual({ processed: 0, more: false });
    expect((await fixture.succeed('retries.summary', { headers: { 'postrider-tenant': 'b' } })).next_due_at).toBeNull();
    expect((await fixture.refused('retries.run', { query: { limit: '1001' } })).status).toBe(400);
  });
});

it('shows a delivery that was given up for a fault of ours as ours, and its attempts as they were', async () => {
  const id = await write({ status: 'abandoned', statusReason: 'fault' });
  const shown = await fixture.succeed('deliveries.get', { params: { id } });
  expect(shown).toMatchObject({
    status: 'abandoned',
    status_reason: 'fault',
    status_code: null,
    error_kind: null,
    error_message: 'Given up for a fault of the sending service, not of the endpoint. Retry it.',
    attempts: [{ status_code: 500, error_message: 'answered 500' }],
  });
  await fixture.succeed('deliveries.retry', { params: { id } });
});

it('lets only keys retry that may write deliveries, and marks what sends again as sensitive', async () => {
  const ours = routes.filter(({ scope }) => scope === 'deliveries:write');
  expect(ours).toHaveLength(6);
  for (const { id } of ours) {
    expect((await fixture.refused(id as RouteId, { key: READER_KEY })).status).toBe(403);
  }
  const sensitive = ours.filter(({ secondFactor }) => secondFactor).map(({ id }) => id);
  expect(sensitive).toEqual(['deliveries.retry', 'deliveries.bulk-retry', 'endpoints.replay', 'events.replay']);
});
