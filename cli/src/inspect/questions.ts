import type { Delivery, DeliveryDetail } from '../../../sdk/src/api-types.ts';
import type { Postrider } from '../../../sdk/src/postrider.ts';
import { type Fields, list, shown } from './text.ts';

/** What somebody asks at a terminal: the answers of the API, and their text for people. */
export interface Answer {
  json: object;
  text: string;
}

/** Who is asked: a client for a tenant's data, and one for what is about all. */
export interface Asked {
  ofTenant: Postrider;
  ofAll: Postrider;
  signal: AbortSignal;
}

/** @param id of what is asked about, where the question has one */
type Question = (asked: Asked, id: string) => Promise<Answer>;

/** The questions about one thing, by what it is. */
export const ABOUT_ONE: Readonly<Record<string, Question>> = { delivery, event, endpoint };
/** The others. */
export const ABOUT_ALL: Readonly<Record<string, Question>> = { retries, failing, 'dead-letters': deadLetters };

async function delivery({ ofTenant, signal }: Asked, id: string): Promise<Answer> {
  const json = await ofTenant.deliveries.get(id, { signal });
  const attempts = json.attempts.map((one) => [
    `#${one.number}`,
    one.at,
    one.status_code ?? one.error_kind ?? '',
    `${one.duration_ms} ms`,
    one.error_message ?? '',
  ]);
  return { json, text: `${shown(ofDelivery(json))}\n${list('attempts', attempts)}` };
}

async function event({ ofTenant, signal }: Asked, id: string): Promise<Answer> {
  const one = await ofTenant.events.get(id, { signal });
  const { data } = await ofTenant.events.deliveries(id, { limit: 200 }, { signal }).page();
  const rows = data.map((row) => [row.id, row.status, row.endpoint_id, row.error_message ?? '']);
  const { type, created_at, counts } = one;
  const fields: Fields = { event: one.id, type, accepted: created_at, ...counts };
  return { json: { event: one, deliveries: data }, text: `${shown(fields)}\n${list('deliveries', rows)}` };
}

async function endpoint({ ofTenant, signal }: Asked, id: string): Promise<Answer> {
  const one = await ofTenant.endpoints.get(id, { signal });
  const stats = await ofTenant.stats.get({ endpoint_id: id }, { signal });
  const { url, status, status_reason, consecutive_failures, last_status_code, last_success_at } = one;
  const { delivered, exhausted, waiting, held, duration_ms } = stats.total;
  const fields = { endpoint: one.id, tenant: one.tenant_id, url, status, why: status_reason };
  const health = { failures: consecutive_failures, 'last answer': last_status_code, 'last success': last_success_at };
  const day = { delivered, exhausted, waiting, held, 'p95 ms': duration_ms?.p95 };
  return { json: { endpoint: one, stats }, text: `${shown({ ...fields, ...health })}\nthe last day\n${shown(day)}` };
}

async function retries({ ofTenant, signal }: Asked): Promise<Answer> {
  const json = await ofTenant.deliveries.waiting({ signal });
  const { counts, due, held, oldest_due_at: oldest, next_due_at: next } = json;
  return { json, text: shown({ ...counts, held, due, 'oldest due': oldest, 'next due': next }) };
}

async function failing({ ofAll, signal }: Asked): Promise<Answer> {
  const json = await ofAll.ops.endpoints({ state: 'failing', limit: 100 }, { signal }).page();
  const rows = json.data.map(({ tenant_id, endpoint: one, failing_since }) => [
    tenant_id,
    one.id,
    `${one.consecutive_failures}x`,
    one.last_status_code ?? 'no answer',
    `since ${failing_since}`,
    one.url ?? '',
  ]);
  return { json, text: list('failing endpoints', rows, json.next_cursor !== null) };
}

async function deadLetters({ ofTenant, ofAll, signal }: Asked): Promise<Answer> {
  const { queues } = await ofAll.ops.overview({ signal });
  const page = await ofTenant.deliveries.list({ status: 'exhausted', limit: 50 }, { signal }).page();
  const { exhausted, poison } = queues;
  const rows = page.data.map((one) => [one.id, one.endpoint_id, one.event_type, one.error_message ?? '']);
  const counts = shown({ 'in exhausted': exhausted.visible, 'in poison': poison.visible });
  const title = 'exhausted deliveries of the tenant';
  const text = `${counts}\n${list(title, rows, page.next_cursor !== null)}`;
  return { json: { queues: { exhausted, poison }, deliveries: page.data }, text };
}

function ofDelivery(one: Delivery | DeliveryDetail): Fields {
  const { id, status, status_reason, status_code, event_id, event_type, endpoint_id } = one;
  const { attempt_number: made, max_attempts: most, next_retry_at: next, error_kind, error_message } = one;
  const what = { delivery: id, event: event_id, type: event_type, endpoint: endpoint_id, status, why: status_reason };
  return { ...what, attempts: `${made} of ${most}`, answer: status_code, error: error_message ?? error_kind, next };
}
