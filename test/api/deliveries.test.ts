import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Delivery } from '../../lib/domain/delivery.ts';
import { deliveryId } from '../../lib/domain/ids.ts';
import { ApiFixture } from './fixture.ts';

const UNKNOWN = '01KGS4R6M2Z9Q3V8X7T5N1C0HB';

let fixture: ApiFixture;
let endpointId: string;
let eventId: string;

beforeEach(async () => {
  fixture = await ApiFixture.open();
  const body = { url: 'https://example.com/hooks', events: ['task.*'], retry: { delays: [60, 60] } };
  endpointId = (await fixture.succeed('endpoints.create', { body })).id;
  eventId = (await fixture.succeed('events.post', { body: { type: 'task.completed', data: {} } })).id;
});
afterEach(() => fixture.close());

/** Writes the record of a delivery that failed once. */
async function failOnce(responseBody: Uint8Array, more: Partial<Delivery> = {}): Promise<string> {
  const now = fixture.clock.now();
  const record: Delivery = {
    tenantId: 'default',
    endpointId,
    eventId,
    ordinal: 0,
    eventType: 'task.completed',
    status: 'retrying',
    attempts: [
      { number: 1, at: now + 1000, durationMs: 12, statusCode: 500, errorKind: 'status', errorMessage: 'answered 500' },
    ],
    epoch: 1,
    revision: 0,
    scheduleBase: 0,
    dueAt: now + 61_000,
    checkAt: now + 61_000,
    createdAt: now,
    updatedAt: now + 1012,
    ...more,
  };
  await fixture.store.deliveries.writeUnlessSuperseded(record, { attempt: 1, bytes: responseBody });
  return deliveryId(record);
}

const get = (id: string) => fixture.succeed('deliveries.get', { params: { id } });

it('shows a delivery that waits, with its attempts and what they were answered', async () => {
  const id = await failOnce(Buffer.from('down for é'));
  const result = { status_code: 500, duration_ms: 12, error_kind: 'status', error_message: 'answered 500' };
  expect(await get(id)).toEqual({
    id,
    endpoint_id: endpointId,
    event_id: eventId,
    event_type: 'task.completed',
    status: 'retrying',
    status_reason: null,
    ...result,
    attempt_number: 1,
    max_attempts: 3,
    retried_from_delivery_id: null,
    next_retry_at: '2026-01-01T00:01:01.000Z',
    alert_sent_at: null,
    alert_error: null,
    created_at: '2026-01-01T00:00:00.000Z',
    updated_at: '2026-01-01T00:00:01.012Z',
    attempts: [{ number: 1, at: '2026-01-01T00:00:01.000Z', ...result, response_body: 'down for é' }],
  });
});

it('shows an answer that was cut within a character without that character, and bytes that are no text as base64', async () => {
  const cut = await failOnce(Buffer.from('aé').subarray(0, 2));
  expect((await get(cut)).attempts[0].response_body).toBe('a');
  const binary = await failOnce(Uint8Array.of(0xff, 0x00), { ordinal: 1 });
  expect((await get(binary)).attempts[0].response_body).toEqual({ base64: '/wA=' });
});

it('names the first delivery in a manual retry', async () => {
  const id = await failOnce(new Uint8Array(), { ordinal: 2 });
  expect((await get(id)).retried_from_delivery_id).toBe(deliveryId({ endpointId, eventId, ordinal: 0 }));
});

it.each(['held', 'exhausted', 'abandoned'] as const)('shows no next attempt for one that is %s', async (status) => {
  expect((await get(await failOnce(new Uint8Array(), { status }))).next_retry_at).toBeNull();
});

it('lists deliveries by endpoint, type, status and time', async () => {
  const id = await failOnce(new Uint8Array());
  const list = async (query: Record<string, string>) =>
    (await fixture.succeed('deliveries.list', { query })).data.map((row: { id: string }) => row.id);
  expect(await list({})).toEqual([id]);
  expect(await list({ endpoint_id: endpointId, event_type: 'task.completed', status: 'retrying' })).toEqual([id]);
  expect(await list({ since: '2026-01-01T00:00:00Z', until: '2026-01-01T00:00:01Z' })).toEqual([id]);
  expect(await list({ status: 'held' })).toEqual([]);
  expect(await list({ event_type: 'task.started' })).toEqual([]);
  expect(await list({ until: '2026-01-01T00:00:00Z' })).toEqual([]);
});

it('gives every delivery once over the pages of a list', async () => {
  const body = { type: 'task.started', data: {} };
  for (let index = 0; index < 3; index += 1) await fixture.succeed('events.post', { body });
  const seen: string[] = [];
  let cursor: string | null = null;
  do {
    const query = { endpoint_id: endpointId, limit: '1', ...(cursor !== null && { cursor }) };
    const page = await fixture.succeed('deliveries.list', { query });
    seen.push(...page.data.map(({ id }: { id: string }) => id));
    cursor = page.next_cursor;
  } while (cursor !== null && seen.length < 10);
  expect(new Set(seen).size).toBe(4);
  expect(seen).toHaveLength(4);
});

it('answers unknown deliveries and jobs with 404', async () => {
  const delivery = await fixture.refused('deliveries.get', { params: { id: `del_${UNKNOWN}${UNKNOWN}0` } });
  expect(delivery).toMatchObject({ status: 404, detail: expect.stringContaining('No such delivery') });
  const job = await fixture.refused('jobs.get', { params: { id: `job_${UNKNOWN}` } });
  expect(job).toMatchObject({ status: 404, detail: expect.stringContaining('No such job') });
});

it('shows a job and its progress', async () => {
  const id = `job_${UNKNOWN}`;
  const at = { createdAt: fixture.clock.now(), updatedAt: fixture.clock.now() };
  const job = {
    tenantId: 'default',
    id,
    kind: 'release',
    endpointId,
    status: 'running',
    step: 0,
    processed: 5,
    generation: 1,
  } as const;
  await fixture.store.jobs.createUnlessExists({ ...job, ...at });
  expect(await fixture.succeed('jobs.get', { params: { id } })).toEqual({
    id,
    kind: 'release',
    endpoint_id: endpointId,
    event_id: null,
    status: 'running',
    processed: 5,
    skipped: 0,
    created_at: '2026-01-01T00:00:00.000Z',
    updated_at: '2026-01-01T00:00:00.000Z',
  });
});
