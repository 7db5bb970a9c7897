import { afterEach, beforeEach, expect, it } from 'vitest';
import { type Pair, makePair, writeFailed } from '../failed-delivery.ts';
import { ApiFixture } from '../fixture.ts';

let fixture: ApiFixture;
let pair: Pair;
beforeEach(async () => {
  fixture = await ApiFixture.open();
  pair = await makePair(fixture, [60]);
});
afterEach(() => fixture.close());

it('summarizes what waits, and runs what is due', async () => {
  const now = fixture.clock.now();
  await writeFailed(fixture, pair, { status: 'retrying', dueAt: now - 1000, checkAt: now, updatedAt: now - 2000 });
  await writeFailed(fixture, pair, { ordinal: 1, status: 'parked', dueAt: now + 1000, checkAt: now });
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
