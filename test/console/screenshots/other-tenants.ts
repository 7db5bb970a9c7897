import { Secret, TOTP } from 'otpauth';
import { Api, type Json, eventually } from '../../e2e/api.ts';
import type { RunningBackend } from '../../e2e/backend.ts';
import type { Servers } from './sample.ts';

/** Ids of what has long texts. */
export interface Long {
  endpoint: string;
  delivery: string;
  event: string;
}

const LABEL = 'The order events of the northern warehouses, for the new ledger, and until March also for the old one';
const PATH = '/integrations/webhooks/incoming/orders'.repeat(7);
const TYPE = 'warehouse.north.order.shipment.partially_completed_with_exceptions';

/** Very long names and texts, and a hundred deliveries. */
export async function makeLarge(api: Api, { good, down }: Servers): Promise<Long> {
  const long = { url: down.url.replace('/hook', PATH), label: LABEL, events: [TYPE, 'order.*', 'invoice.*'] };
  const { id: endpoint } = await api.endpoint({ ...long, retry: { delays: [60, 3600] } });
  await api.endpoint({ url: good.url, label: 'Ledger', events: ['order.*'] });
  await api.endpoint({ kind: 'poll', label: 'Behind the firewall', events: ['invoice.*'] });
  for (let n = 0; n < 60; n += 1) {
    const type = { type: `warehouse.kind-${n}`, category: `Category ${n % 4}`, description: 'Something happened.' };
    await api.call('POST', '/v1/event-types', n === 0 ? { ...type, type: TYPE, description: LABEL } : type);
  }
  for (let n = 0; n < 100; n += 1) await api.post({ type: 'order.paid', data: { id: `order-${n}`, total: n * 1.5 } });
  const { id: event } = await api.post({ type: TYPE, data: { note: LABEL.repeat(3), lines: [{ sku: PATH }] } });
  const delivery = await eventually(
    () => api.delivery(event, endpoint),
    (one: Json) => one !== undefined && one.status !== 'pending',
  );
  return { endpoint, delivery: delivery.id, event };
}

/** Sensitive calls ask for a code there. */
export async function makeGuarded(running: RunningBackend, tenant: string): Promise<void> {
  const { body: key } = await new Api(running, tenant).call('POST', '/v1/api-keys', { name: 'owner' });
  const api = new Api({ url: running.url, apiKey: key.secret });
  const { body: enrolment } = await api.call('POST', '/v1/mfa/enrol');
  const code = new TOTP({ secret: Secret.fromBase32(enrolment.secret) }).generate();
  await api.call('POST', '/v1/mfa/confirm', { code });
}
