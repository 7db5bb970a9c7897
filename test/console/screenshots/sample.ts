import { Api, type Json, eventually } from '../../e2e/api.ts';
import type { RunningBackend } from '../../e2e/backend.ts';
import { Receiver } from '../../e2e/receiver.ts';

/** A tenant as one finds it on an ordinary day: most is well, one server is down, one is gone. */
export interface Sample {
  tenant: string;
  /** Ids of the first endpoint, of a delivery that failed, and of an event. */
  endpoint: string;
  delivery: string;
  event: string;
  stop(): Promise<void>;
}

export async function makeSample(running: RunningBackend, tenant = 'org_acme'): Promise<Sample> {
  const api = new Api(running, tenant);
  const good = await Receiver.start();
  const down = await Receiver.start(() => 503);
  const gone = await Receiver.start(() => 410);
  await api.call('POST', '/v1/dialects/vem/event-types');
  await api.call('POST', '/v1/event-types', ORDER_PAID);
  const orders = await api.endpoint({ url: good.url, label: 'Orders service', events: ['order.*', 'task.*'] });
  const bot = await api.endpoint({ url: down.url, label: 'Build bot', dialect: 'vem', events: ['task.*'] });
  await api.endpoint({ url: gone.url, label: 'Old warehouse', events: ['snapshot.*'] });
  await api.endpoint({ url: good.url.replace('/hook', '/ledger'), label: 'Ledger', events: ['*'] });
  await api.endpoint({ url: good.url.replace('/hook', '/alerts'), label: 'On call', events: ['postrider.*'] });
  const paused = await api.endpoint({ url: down.url, label: 'Analytics', events: ['order.*'] });
  await api.change(paused.id, 'pause');
  await api.call('POST', '/v1/api-keys', { name: 'billing', scopes: ['events:write'] });
  await api.call('POST', '/v1/api-keys', { name: 'status page', scopes: ['endpoints:read', 'deliveries:read'] });
  const posted = [];
  for (let n = 1; n <= 12; n += 1) {
    const [type, data] = EVENTS[n % EVENTS.length] as (typeof EVENTS)[number];
    posted.push(await api.post({ type, data: { ...data, n }, external_id: `A-${1000 + n}` }));
  }
  await addDeadLetters(api, down.url);
  const failed = posted[0];
  const { id: delivery } = await eventually(
    () => api.delivery(failed.id, bot.id),
    (one) => one !== undefined && one.status !== 'pending',
  );
  await eventually(
    () => new Api(running).get('/v1/ops/usage'),
    ({ data }) => data.some((used: Json) => used.requests.length > 0),
  );
  const stop = async () => {
    await Promise.all([good, down, gone].map((one) => one.stop()));
  };
  return { tenant, endpoint: orders.id, delivery, event: failed.id, stop };
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
