import type { RunningBackend } from '../../e2e/backend.ts';
import { Api, type Json, eventually } from '../../e2e/api.ts';
import { Receiver } from '../../e2e/receiver.ts';
import { makeGuarded, makeLarge, type Long } from './other-tenants.ts';
import type { Viewer } from './shots.ts';

/** Tenants as one finds them: an ordinary day, where most is well, one server is down, one is gone; and extremes. */
export interface Sample {
  tenants: Readonly<Record<Exclude<Viewer, 'operator' | 'nobody'>, string>>;
  /** Ids of the first endpoint, of one that fails, of a delivery that failed, of one that arrived, and of an event. */
  endpoint: string;
  troubledEndpoint: string;
  delivery: string;
  delivered: string;
  event: string;
  long: Long | undefined;
  stop(): Promise<void>;
}

const TENANTS = { customer: 'org_acme', newcomer: 'org_new', large: 'org_large', guarded: 'org_guarded' };

/** @param isUsual without the tenants of extremes */
export async function makeSample(running: RunningBackend, isUsual: boolean): Promise<Sample> {
  const api = new Api(running, TENANTS.customer);
  const servers = await startServers();
  const { orders, bot } = await makeEndpoints(api, servers);
  for (const [name, scopes] of KEYS) await api.call('POST', '/v1/api-keys', { name, scopes });
  const posted = [];
  for (let n = 1; n <= 12; n += 1) {
    const [type, data] = EVENTS[n % EVENTS.length] as (typeof EVENTS)[number];
    posted.push(await api.post({ type, data: { ...data, n }, external_id: `A-${1000 + n}` }));
  }
  await addDeadLetters(api, servers.down.url);
  const long = isUsual ? undefined : await makeLarge(new Api(running, TENANTS.large), servers);
  if (!isUsual) await makeGuarded(running, TENANTS.guarded);
  const event = posted[0].id;
  const ended = (endpoint: string) =>
    eventually(
      () => api.delivery(event, endpoint),
      (one) => one !== undefined && one.status !== 'pending',
    );
  const [failed, arrived] = [await ended(bot.id), await ended(orders.id)];
  await eventually(
    () => new Api(running).get('/v1/ops/usage'),
    ({ data }) => data.some((used: Json) => used.requests.length > 0),
  );
  return {
    tenants: TENANTS,
    endpoint: orders.id,
    troubledEndpoint: bot.id,
    delivery: failed.id,
    delivered: arrived.id,
    event,
    long,
    stop: async () => void (await Promise.all(Object.values(servers).map((one) => one.stop()))),
  };
}

export interface Servers {
  good: Receiver;
  down: Receiver;
  gone: Receiver;
}

async function startServers(): Promise<Servers> {
  const [good, down, gone] = await Promise.all([
    Receiver.start(),
    Receiver.start(() => 503),
    Receiver.start(() => 410),
  ]);
  return { good, down, gone };
}

async function makeEndpoints(api: Api, { good, down, gone }: Servers): Promise<{ orders: Json; bot: Json }> {
  await api.call('POST', '/v1/dialects/vem/event-types');
  await api.call('POST', '/v1/event-types', ORDER_PAID);
  const orders = await api.endpoint({ url: good.url, label: 'Orders service', events: ['order.*', 'task.*'] });
  const bot = await api.endpoint({ url: down.url, label: 'Build bot', dialect: 'vem', events: ['task.*'] });
  await api.endpoint({ url: gone.url, label: 'Old warehouse', events: ['snapshot.*'] });
  await api.endpoint({ url: good.url.replace('/hook', '/ledger'), label: 'Ledger', events: ['*'] });
  await api.endpoint({ url: good.url.replace('/hook', '/alerts'), label: 'On call', events: ['postrider.*'] });
  const paused = await api.endpoint({ url: down.url, label: 'Analytics', events: ['order.*'] });
  await api.change(paused.id, 'pause');
  return { orders, bot };
}

/** Two deliveries that used all their attempts, and the jobs that would send what was missed. */
async function addDeadLetters(api: Api, url: string): Promise<void> {
  const about = {
    url: url.replace('/hook', '/billing'),
    label: 'Billing',
    events: ['invoice.*'],
    retry: { delays: [] },
  };
  const { id } = await api.endpoint(about);
  for (const n of [1, 2]) {
    const event = await api.post({ type: 'invoice.failed', data: { invoice: `INV-${n}` } });
    await eventually(
      () => api.delivery(event.id, id),
      (one) => one?.status === 'exhausted',
    );
  }
  await api.call('POST', `/v1/endpoints/${id}/replay`, { since: new Date(Date.now() - 3_600_000).toISOString() });
}

const KEYS = [
  ['billing', ['events:write']],
  ['status page', ['endpoints:read', 'deliveries:read']],
] as const;

const EVENTS = [
  ['order.paid', { id: 'order-1042', total: 129.5, currency: 'EUR', lines: [{ sku: 'PEN-2', count: 12 }] }],
  ['task.completed', { task_id: 'TASK-001', title: 'Write the release notes', by: 'ada' }],
  ['snapshot.pushed', { snapshot: 'a1f3c9', branch: 'main' }],
  ['task.blocked', { task_id: 'TASK-002', why: 'Waits for a review' }],
] as const;

const ORDER_PAID = {
  type: 'order.paid',
  category: 'Orders',
  description: 'An order was paid in full',
  schema: {
    type: 'object',
    required: ['id', 'total'],
    properties: { id: { type: 'string' }, total: { type: 'number' }, currency: { type: 'string' } },
  },
  example: { id: 'order-1042', total: 129.5, currency: 'EUR' },
};
