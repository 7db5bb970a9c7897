import { RequestError } from '../../../domain/errors.ts';
import { deliveryId } from '../../../domain/ids.ts';
import { createEndpoint } from '../../../pipeline/endpoints/create.ts';
import { revokeEndpoint } from '../../../pipeline/endpoints/status-calls.ts';
import { rotateSecret } from '../../../pipeline/endpoints/rotate-secret.ts';
import { getEndpoint } from '../../../pipeline/history/endpoint-history.ts';
import type { DeliveryView } from '../../../pipeline/history/views.ts';
import { getDelivery } from '../../../pipeline/history/history.ts';
import { retryDelivery } from '../../../pipeline/manual/retry-delivery.ts';
import { testEndpoint } from '../../../pipeline/manual/test-endpoint.ts';
import { runDueRetries, summarizeRetries } from '../../../pipeline/manual/waiting-retries.ts';
import type { Ports } from '../../../ports/ports.ts';
import type { HandlersOf } from '../../handler.ts';
import { checkUrlField } from '../../resources/endpoints/policy.ts';
import { allWebhooks } from './all-webhooks.ts';
import { newestDeliveries } from './newest-deliveries.ts';
import { idOf, numberedDeliveries, webhookNumbers } from './numbers.ts';
import type { veriswarmRoutes } from './routes.ts';
import type { VeriswarmDeliveryJson } from './schemas.ts';
import { veriswarmSummary, webhookFields, webhookJson } from './view.ts';

type Used =
  | 'clock'
  | 'random'
  | 'log'
  | 'endpoints'
  | 'subscriptions'
  | 'health'
  | 'events'
  | 'eventTypes'
  | 'quotas'
  | 'deliveries'
  | 'jobs'
  | 'queues'
  | 'secrets'
  | 'idempotency'
  | 'tenants'
  | 'numbers';

/** As its customers know it. */
const TIMEOUT_SECONDS = 10;
const TEST_TYPE = 'decision.checked';

/** Names and numbers of VeriSwarm's API over the use cases of ours. */
export const veriswarmHandlers: HandlersOf<typeof veriswarmRoutes, 'endpoints', Used> = {
  'veriswarm.create': async ({ body }, { ports, settings, tenantId }) => {
    checkUrlField('callback_url', body.callback_url, settings);
    const input = {
      url: body.callback_url,
      events: body.event_types,
      dialect: 'veriswarm',
      timeoutSeconds: TIMEOUT_SECONDS,
      ...(body.label !== undefined && { label: body.label }),
    };
    const { endpoint, signingSecret } = await createEndpoint(ports, tenantId, input, settings.maxEndpoints);
    const [number] = await webhookNumbers(ports, tenantId, [endpoint.id]);
    return { ...webhookFields(number as number, endpoint), signing_secret: signingSecret };
  },

  'veriswarm.list': async (_, { ports, tenantId }) => {
    const views = await allWebhooks(ports, tenantId);
    const numbers = await webhookNumbers(
      ports,
      tenantId,
      views.map(({ endpoint }) => endpoint.id),
    );
    return views.map((view, n) => webhookJson(numbers[n] as number, view));
  },

  'veriswarm.deliveries': async ({ query }, { ports, tenantId }) => {
    const { limit, webhook_id: webhookId } = query;
    const endpointId = webhookId === undefined ? undefined : await idOf(ports, tenantId, 'endpoint', webhookId);
    const views = await newestDeliveries(ports, tenantId, { limit, ...(endpointId !== undefined && { endpointId }) });
    return numberedDeliveries(ports, tenantId, views);
  },

  'veriswarm.retry': async ({ params }, { ports, tenantId }) => {
    const view = await retryDelivery(ports, tenantId, await idOf(ports, tenantId, 'delivery', params.id));
    return numberedDelivery(ports, tenantId, view);
  },

  'veriswarm.run-retries': ({ query }, { ports, tenantId }) => runDueRetries(ports, tenantId, query.limit),

  'veriswarm.summary': async (_, { ports, tenantId }) => veriswarmSummary(await summarizeRetries(ports, tenantId)),

  'veriswarm.rotate-secret': async ({ params }, { ports, tenantId }) => {
    const id = await idOf(ports, tenantId, 'endpoint', params.id);
    const { signingSecret } = await rotateSecret(ports, tenantId, id, { use: 'signing' });
    if (signingSecret === undefined) throw new Error('A rotation of the signing secret gives a new one.');
    return { status: 'rotated', webhook_id: params.id, signing_secret: signingSecret };
  },

  'veriswarm.test': async ({ params }, { ports, settings: { eventTypePolicy }, tenantId }) => {
    const id = await idOf(ports, tenantId, 'endpoint', params.id);
    const key = await testEndpoint(ports, tenantId, id, { type: TEST_TYPE, eventTypePolicy });
    return numberedDelivery(ports, tenantId, await getDelivery(ports, tenantId, deliveryId(key)));
  },

  'veriswarm.revoke': async ({ params }, { ports, tenantId }) => {
    const id = await idOf(ports, tenantId, 'endpoint', params.id);
    await revokeEndpoint(ports, tenantId, id);
    return webhookJson(params.id, await getEndpoint(ports, tenantId, id));
  },

  'veriswarm.keep-number': async ({ params, body }, { ports, tenantId }) => {
    const { endpoint } = await getEndpoint(ports, tenantId, body.endpoint_id);
    if (await ports.numbers.keep({ tenantId, kind: 'endpoint' }, endpoint.id, params.id)) return;
    throw new RequestError(
      'wrong-state',
      `The number ${params.id} is another webhook’s, or this one has another: import before anything is shown.`,
    );
  },
};

async function numberedDelivery(
  ports: Pick<Ports, 'numbers' | 'clock'>,
  tenantId: string,
  view: DeliveryView,
): Promise<VeriswarmDeliveryJson> {
  const [shown] = await numberedDeliveries(ports, tenantId, [view]);
  return shown as VeriswarmDeliveryJson;
}
