import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Delivery } from '../../../lib/domain/delivery.ts';
import { firstUlidAt } from '../../../lib/domain/ids.ts';
import { NO_LATENCIES, oneLatency } from '../../../lib/domain/latencies.ts';
import { NO_USAGE } from '../../../lib/domain/usage.ts';
import { RecordMaker, written } from '../../support/records.ts';
import { ApiFixture } from '../fixture.ts';

const HOUR = 3_600_000;
const URL_BODY = { url: 'https://example.com/hooks', events: ['*'] };

let fixture: ApiFixture;
let make: RecordMaker;
let endpointId: string;
let now: number;
beforeEach(async () => {
  fixture = await ApiFixture.open();
  make = new RecordMaker(fixture.clock);
  endpointId = (await fixture.succeed('endpoints.create', { body: URL_BODY })).id;
  now = fixture.clock.now();
});
afterEach(() => fixture.close());

/** A record of an event that was accepted so long ago. */
async function record(ago: number, changes: Partial<Delivery>, n = 0): Promise<void> {
  const eventId = `evt_${firstUlidAt(now - ago).slice(0, 20)}${String(n).padStart(6, '0')}`;
  await written(fixture.store.deliveries, make.delivery({ tenantId: 'default', endpointId, eventId, ...changes }));
}
const attempt = (durationMs: number) => ({ number: 1, at: now, durationMs, statusCode: 200 });
const stats = (query: object) => fixture.succeed('stats.get', { query: { endpoint_id: endpointId, ...query } });

test('shows an endpoint’s last day by the hour, empty hours too', async () => {
  await record(0.5 * HOUR, { status: 'delivered', attempts: [attempt(40)] });
  await record(25.5 * HOUR, { status: 'exhausted' });
  const shown = await stats({});
  expect(shown).toMatchObject({ endpoint_id: endpointId, step: 3600, source: 'deliveries', capped: false });
  expect(shown.complete_since).toBe(shown.since);
  const hours = (Date.parse(shown.until) - Date.parse(shown.since)) / HOUR;
  expect(shown.data).toHaveLength(hours);
  expect(shown.data.map(({ at }: { at: string }) => Date.parse(at))).toEqual(
    shown.data.map((_: unknown, index: number) => Date.parse(shown.since) + index * HOUR),
  );
  expect(shown.total).toMatchObject({ delivered: 1, exhausted: 0, duration_ms: { p50: 40, p95: 40, max: 40 } });
  expect(shown.data.filter(({ delivered }: { delivered: number }) => delivered > 0)).toHaveLength(1);
});

test('reads the newest 1,000 records of the range, and says from when on they are all there', async () => {
  for (let n = 0; n < 600; n += 1) await record(3.5 * HOUR, { status: 'exhausted' }, n);
  const answered = { status: 'delivered', attempts: [attempt(5)] } as const;
  for (let n = 0; n < 600; n += 1) await record(1.5 * HOUR, answered, n);
  const shown = await stats({});
  expect(shown).toMatchObject({ capped: true, total: { delivered: 600, exhausted: 400 } });
  const oldest = Math.floor((now - 3.5 * HOUR) / HOUR) * HOUR;
  expect(shown.complete_since).toBe(new Date(oldest + HOUR).toISOString());
  const before = await stats({ until: new Date(now - 3 * HOUR).toISOString() });
  expect(before).toMatchObject({ capped: false, total: { delivered: 0, exhausted: 600 } });
});

test('shows a tenant’s last 30 days from its usage, with what usage does not count as null', async () => {
  const today = new Date(now).toISOString().slice(0, 10);
  await fixture.store.usage.add('default', today, { ...NO_USAGE, attempts: 12, delivered: 9, exhausted: 1 });
  const shown = await fixture.succeed('stats.get');
  expect(shown).toMatchObject({ endpoint_id: null, step: 86400, source: 'usage', capped: false });
  expect(shown.data.length).toBeGreaterThanOrEqual(30);
  const unknown = { waiting: null, held: null, failed_attempts: null, duration_ms: null };
  expect(shown.data.at(-1)).toMatchObject({ at: `${today}T00:00:00.000Z`, delivered: 9, attempts: 12, ...unknown });
  expect(shown.data[0]).toMatchObject({ delivered: 0, attempts: 0, ...unknown });
  expect(shown.total).toMatchObject({ delivered: 9, exhausted: 1, ...unknown });
});

test('says of a tenant’s days how long requests took, rounded up to the bounds in which usage counts', async () => {
  const today = new Date(now).toISOString().slice(0, 10);
  const counted = (ms: number, times: number) => ({
    ...NO_USAGE,
    latencies: { ...NO_LATENCIES, requests: oneLatency(ms).map((count) => count * times) },
  });
  await fixture.store.usage.add('default', today, counted(41, 18));
  await fixture.store.usage.add('default', today, counted(1200, 2));
  const { total, data } = await fixture.succeed('stats.get');
  expect(total.duration_ms).toEqual({ p50: 50, p95: 2000, max: 2000 });
  expect(data.at(-1).duration_ms).toEqual(total.duration_ms);
  expect(data[0].duration_ms).toBeNull();
});

test.each([
  [{ step: '61' }, 'step'],
  [{ step: '3600' }, 'step'],
  [{ since: '2020-01-01T00:00:00Z' }, 'since'],
  [{ since: '2026-01-02T00:00:00Z', until: '2026-01-01T00:00:00Z' }, 'since'],
  [{ since: '2999-01-02T00:00:00Z' }, 'since'],
  [{ endpoint_id: 'ep_1' }, 'endpoint_id'],
])('refuses %j, and says where', async (query, field) => {
  const { status, errors } = await fixture.refused('stats.get', { query });
  expect([status, errors?.[0]?.field]).toEqual([400, field]);
});

test('of an endpoint that is not there, or is another tenant’s, there are none', async () => {
  const query = { endpoint_id: endpointId };
  const refused = await fixture.refused('stats.get', { query, headers: { 'postrider-tenant': 'other' } });
  expect(refused.status).toBe(404);
});
