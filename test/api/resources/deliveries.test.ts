import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Delivery } from '../../../lib/domain/delivery.ts';
import { deliveryId } from '../../../lib/domain/ids.ts';
import { type Pair, makePair, writeFailed } from '../failed-delivery.ts';
import { ApiFixture } from '../fixture.ts';

const UNKNOWN = '01KGS4R6M2Z9Q3V8X7T5N1C0HB';

let fixture: ApiFixture;
let pair: Pair;
beforeEach(async () => {
  fixture = await ApiFixture.open();
  pair = await makePair(fixture, [60, 60]);
});
afterEach(() => fixture.close());

/** Writes the record of a delivery that failed once, a second after its event, and waits for its next attempt. */
function failOnce(responseBody: Uint8Array, more: Partial<Delivery> = {}): Promise<string> {
  const now = fixture.clock.now();
  const attempt = { number: 1, at: now + 1000, durationMs: 12, statusCode: 500, errorKind: 'status' } as const;
  const waiting: Partial<Delivery> = {
    status: 'retrying',
    attempts: [{ ...attempt, errorMessage: 'answered 500' }],
    dueAt: now + 61_000,
    checkAt: now + 61_000,
    updatedAt: now + 1012,
  };
  return writeFailed(fixture, pair, { ...waiting, ...more }, responseBody);
}

const get = (id: string) => fixture.succeed('deliveries.get', { params: { id } });

it('shows a delivery that waits, with its attempts and what they were answered', async () => {
  const id = await failOnce(Buffer.from('down for é'));
  const result = { status_code: 500, duration_ms: 12, error_kind: 'status', error_message: 'answered 500' };
  expect(await get(id)).toEqual({
    id,
    endpoint_id: pair.endpointId,
    event_id: pair.eventId,
    event_type: 'task.completed',
    status: 'retrying',
    status_reason: null,
    ...result,
    attempt_number: 1,
    max_attempts: 3,
    retried_from_delivery_id: null,
    test: false,
    next_retry_at: '2026-01-01T00:01:01.000Z',
    alert_sent_at: null,
    alert_error: null,
    created_at: '2026-01-01T00:00:00.000Z',
    updated_at: '2026-01-01T00:00:01.012Z',
    attempts: [{ number: 1, at: '2026-01-01T00:00:01.000Z', ...result, signed_with: [], response_body: 'down for é' }],
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
  expect((await get(id)).retried_from_delivery_id).toBe(deliveryId({ ...pair, ordinal: 0 }));
});

it.each(['held', 'exhausted', 'abandoned'] as const)('shows no next attempt for one that is %s', async (status) => {
  expect((await get(await failOnce(new Uint8Array(), { status }))).next_retry_at).toBeNull();
});

it('lists deliveries by endpoint, type, status and time', async () => {
  const id = await failOnce(new Uint8Array());
  const list = async (query: Record<string, string>) =>
    (await fixture.succeed('deliveries.list', { query })).data.map((row: { id: string }) => row.id);
  expect(await list({})).toEqual([id]);
  expect(await list({ endpoint_id: pair.endpointId, event_type: 'task.completed', status: 'retrying' })).toEqual([id]);
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
    const query = { endpoint_id: pair.endpointId, limit: '1', ...(cursor !== null && { cursor }) };
    const page = await fixture.succeed('deliveries.list', { query });
    seen.push(...page.data.map(({ id }: { id: string }) => id));
    cursor = page.next_cursor;
  } while (cursor !== null && seen.length < 10);
  expect(new Set(seen).size).toBe(4);
  expect(seen).toHaveLength(4);
});

it('shows a delivery that was given up for a fault of ours as ours, and its attempts as they were', async () => {
  const id = await writeFailed(fixture, pair, { status: 'abandoned', statusReason: 'fault' });
  const shown = await fixture.succeed('deliveries.get', { params: { id } });
  expect(shown).toMatchObject({
    status: 'abandoned',
    status_reason: 'fault',
    status_code: null,
    error_kind: null,
    error_message: 'Given up for a fault of the sending service, not of the endpoint. Retry it.',
    attempts: [{ status_code: 500, error_message: 'answered 500' }],
  });
});

it('answers an unknown delivery with 404', async () => {
  const delivery = await fixture.refused('deliveries.get', { params: { id: `del_${UNKNOWN}${UNKNOWN}0` } });
  expect(delivery).toMatchObject({ status: 404, detail: expect.stringContaining('No such delivery') });
});

it.each(['1969-12-31T23:59:59.999Z', '1970-01-01T00:00:00Z', '0001-01-01T00:00:00Z'])(
  'lists nothing before %s, by any filter',
  async (until) => {
    await failOnce(new Uint8Array(), { status: 'held' });
    for (const filter of [{}, { endpoint_id: pair.endpointId }, { status: 'held' }, { event_type: 'task.completed' }]) {
      expect(await fixture.succeed('deliveries.list', { query: { ...filter, until } })).toEqual(NONE);
      expect((await fixture.succeed('deliveries.list', { query: { ...filter, since: until } })).data).toHaveLength(1);
    }
    expect(await fixture.succeed('events.list', { query: { until } })).toEqual(NONE);
  },
);

const NONE = { data: [], next_cursor: null };

it('shows the request of an attempt to who may read events, with null for what is made with a secret', async () => {
  const id = await failOnce(new Uint8Array());
  const shown = await fixture.succeed('deliveries.request', { params: { id }, query: { attempt: '1' } });
  expect(shown).toMatchObject({ attempt: 1, at: '2026-01-01T00:00:01.000Z', method: 'POST', endpoint_changed: false });
  expect(shown.headers).toMatchObject({ 'webhook-id': pair.eventId, 'webhook-timestamp': '1767225601' });
  expect(JSON.parse(shown.body)).toMatchObject({ type: 'task.completed' });
  for (const attempt of ['0', 'x', '1.5']) {
    expect((await fixture.refused('deliveries.request', { params: { id }, query: { attempt } })).status).toBe(400);
  }
  expect((await fixture.refused('deliveries.request', { params: { id }, query: { attempt: '2' } })).status).toBe(404);
});
