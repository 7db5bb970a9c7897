import type { Call, Json } from '../api-access.ts';
import { type Fields, list, shown } from './text.ts';

/** What somebody asks at a terminal: the answer of the API, and its text for people. */
export interface Answer {
  json: Json;
  text: string;
}

/** @param id of what is asked about, where the question has one */
type Question = (call: Call, id: string) => Promise<Answer>;

/** The questions about one thing, by what it is. */
export const ABOUT_ONE: Readonly<Record<string, Question>> = { delivery, event, endpoint };
/** The others. */
export const ABOUT_ALL: Readonly<Record<string, Question>> = { retries, failing, 'dead-letters': deadLetters };

async function delivery(call: Call, id: string): Promise<Answer> {
  const json = await call('GET', `/v1/deliveries/${encodeURIComponent(id)}`);
  const attempts = (json.attempts as Json[]).map((one) => [
    `#${one.number}`,
    one.at ?? one.started_at,
    one.status_code ?? one.error_kind ?? '',
    `${one.duration_ms} ms`,
    one.error_message ?? '',
  ]);
  return { json, text: `${shown(ofDelivery(json))}\n${list('attempts', attempts)}` };
}

async function event(call: Call, id: string): Promise<Answer> {
  const path = `/v1/events/${encodeURIComponent(id)}`;
  const [one, deliveries] = [await call('GET', path), await call('GET', `${path}/deliveries?limit=200`)];
  const rows = (deliveries.data as Json[]).map((row) => [row.id, row.status, row.endpoint_id, row.error_message ?? '']);
  const { type, created_at, counts } = one;
  const fields = { event: one.id, type, accepted: created_at, ...counts };
  return { json: { event: one, deliveries: deliveries.data }, text: `${shown(fields)}\n${list('deliveries', rows)}` };
}

async function endpoint(call: Call, id: string): Promise<Answer> {
  const one = await call('GET', `/v1/endpoints/${encodeURIComponent(id)}`);
  const stats = await call('GET', `/v1/stats?endpoint_id=${encodeURIComponent(id)}`);
  const { url, status, status_reason, consecutive_failures, last_status_code, last_success_at } = one;
  const { delivered, exhausted, waiting, held, duration_ms } = stats.total;
  const fields = { endpoint: one.id, tenant: one.tenant_id, url, status, why: status_reason };
  const health = { failures: consecutive_failures, 'last answer': last_status_code, 'last success': last_success_at };
  const day = { delivered, exhausted, waiting, held, 'p95 ms': duration_ms?.p95 };
  return { json: { endpoint: one, stats }, text: `${shown({ ...fields, ...health })}\nthe last day\n${shown(day)}` };
}

async function retries(call: Call): Promise<Answer> {
  const json = await call('GET', '/v1/retries/summary');
  const { counts, due, held, oldest_due_at: oldest, next_due_at: next } = json;
  return { json, text: shown({ ...counts, held, due, 'oldest due': oldest, 'next due': next }) };
}

async function failing(call: Call): Promise<Answer> {
  const json = await call('GET', '/v1/ops/endpoints?state=failing&limit=100');
  const rows = (json.data as Json[]).map(({ tenant_id, endpoint: one, failing_since }) => [
    tenant_id,
    one.id,
    `${one.consecutive_failures}x`,
    one.last_status_code ?? 'no answer',
    `since ${failing_since}`,
    one.url,
  ]);
  return { json, text: list('failing endpoints', rows, json.next_cursor !== null) };
}

async function deadLetters(call: Call): Promise<Answer> {
  const { queues } = await call('GET', '/v1/ops/overview');
  const page = await call('GET', '/v1/deliveries?status=exhausted&limit=50');
  const { exhausted, poison } = queues;
  const rows = (page.data as Json[]).map((one) => [one.id, one.endpoint_id, one.event_type, one.error_message ?? '']);
  const counts = shown({ 'in exhausted': exhausted.visible, 'in poison': poison.visible });
  const title = 'exhausted deliveries of the tenant';
  const text = `${counts}\n${list(title, rows, page.next_cursor !== null)}`;
  return { json: { queues: { exhausted, poison }, deliveries: page.data }, text };
}

function ofDelivery(one: Json): Fields {
  const { id, status, status_reason, status_code, event_id, event_type, endpoint_id } = one;
  const { attempt_number: made, max_attempts: most, next_retry_at: next, error_kind, error_message } = one;
  const what = { delivery: id, event: event_id, type: event_type, endpoint: endpoint_id, status, why: status_reason };
  return { ...what, attempts: `${made} of ${most}`, answer: status_code, error: error_message ?? error_kind, next };
}
