import { afterEach, beforeEach, expect, it } from 'vitest';
import { deliveryId } from '../../../lib/domain/ids.ts';
import { type Pair, makePair, writeFailed } from '../failed-delivery.ts';
import { ApiFixture } from '../fixture.ts';

const UNKNOWN = '01KGS4R6M2Z9Q3V8X7T5N1C0HB';

let fixture: ApiFixture;
let pair: Pair;
beforeEach(async () => {
  fixture = await ApiFixture.open();
  pair = await makePair(fixture, [60]);
});
afterEach(() => fixture.close());

it('answers the new delivery that repeats a finished one, and names what it repeats', async () => {
  const id = await writeFailed(fixture, pair);
  const made = await fixture.succeed('deliveries.retry', { params: { id } });
  expect(made).toMatchObject({
    id: deliveryId({ ...pair, ordinal: 1 }),
    status: 'pending',
    attempt_number: 0,
    max_attempts: 2,
    retried_from_delivery_id: id,
    next_retry_at: '2026-01-01T00:00:00.000Z',
  });
  expect((await fixture.succeed('deliveries.get', { params: { id: made.id } })).status).toBe('pending');
  const { data } = await fixture.succeed('events.deliveries', { params: { id: pair.eventId } });
  expect(data.map((row: { id: string }) => row.id)).toEqual([made.id, id]);
  expect(fixture.store.queues.count('retries').visible).toBe(1);
});

it('answers a delivery that waits with itself', async () => {
  const id = await writeFailed(fixture, pair, { status: 'retrying', dueAt: fixture.clock.now() + 60_000 });
  const retried = await fixture.succeed('deliveries.retry', { params: { id }, body: {} });
  expect(retried).toMatchObject({ id, status: 'retrying', next_retry_at: '2026-01-01T00:00:00.000Z' });
});

it('is refused with what to do', async () => {
  const held = await writeFailed(fixture, pair, { status: 'held', statusReason: 'paused' });
  await fixture.succeed('endpoints.pause', { params: { id: pair.endpointId } });
  expect(await fixture.refused('deliveries.retry', { params: { id: held } })).toMatchObject({
    status: 409,
    detail: 'It is held, because its endpoint is paused: resume the endpoint.',
  });
  const id = await writeFailed(fixture, pair, { ordinal: 1 });
  await fixture.succeed('endpoints.disable', { params: { id: pair.endpointId } });
  expect((await fixture.refused('deliveries.retry', { params: { id } })).detail).toContain('enable that first');
  expect((await fixture.refused('deliveries.retry', { params: { id }, body: { now: true } })).status).toBe(422);
  const unknown = { id: `del_${UNKNOWN}${UNKNOWN}0` };
  expect((await fixture.refused('deliveries.retry', { params: unknown })).status).toBe(404);
  expect((await fixture.refused('deliveries.retry', { params: { id }, key: 'prk_acme' })).status).toBe(404);
});

it('is refused when the log no longer has the event', async () => {
  const day = 24 * 3_600_000;
  await fixture.clock.advance(20 * day);
  const id = await writeFailed(fixture, pair, { ordinal: 1 });
  await fixture.clock.advance(15 * day);
  expect(await fixture.refused('deliveries.retry', { params: { id } })).toMatchObject({
    status: 410,
    type: '/problems/event-expired',
  });
});
it('repeats a delivery that was given up for a fault of ours', async () => {
  const id = await writeFailed(fixture, pair, { status: 'abandoned', statusReason: 'fault' });
  await fixture.succeed('deliveries.retry', { params: { id } });
});
