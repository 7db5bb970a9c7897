import { type Endpoint, shownUrl } from '../../../domain/endpoint.ts';
import { editEndpoint } from '../../../pipeline/endpoints/edit.ts';
import type { ChangePorts } from '../../../pipeline/endpoints/change-status.ts';
import { type CreatePorts, createEndpoint } from '../../../pipeline/endpoints/create.ts';
import { deleteEndpoint } from '../../../pipeline/endpoints/status-calls.ts';
import { type EndpointHistoryPorts, getEndpoint, listEndpoints } from '../../../pipeline/history/endpoint-history.ts';
import type { HandlersOf } from '../../handler.ts';
import { writeCursor } from '../../http/cursor.ts';
import { listRange } from '../../http/list-range.ts';
import { checkUrlField } from '../../resources/endpoints/policy.ts';
import { asTimestamp } from '../../schemas/times.ts';
import { ventryxRoutes } from './routes.ts';
import type { VentryxWebhookJson } from './schemas.ts';

type Used = keyof (CreatePorts & ChangePorts & EndpointHistoryPorts);

/** As its customers know it. */
const TIMEOUT_SECONDS = 10;

/** Names of Ventryx's API over the use cases of ours. */
export const ventryxHandlers: HandlersOf<typeof ventryxRoutes, 'endpoints', Used> = {
  'ventryx.create': async ({ body }, { ports, settings, tenantId }) => {
    checkUrlField('url', body.url, settings);
    const input = { ...body, dialect: 'ventryx', timeoutSeconds: TIMEOUT_SECONDS };
    const { endpoint, signingSecret } = await createEndpoint(ports, tenantId, input, settings.maxEndpoints);
    const { created_at: createdAt, ...shown } = webhookJson(endpoint);
    return { ...shown, secret: signingSecret, created_at: createdAt };
  },

  'ventryx.list': async ({ query }, { ports, tenantId }) => {
    const list = { route: ventryxRoutes.list.id, tenantId };
    const page = await listEndpoints(ports, tenantId, listRange(list, query));
    return {
      data: page.data.map(({ endpoint }) => webhookJson(endpoint)),
      next_cursor: writeCursor(list, page.nextCursor),
    };
  },

  'ventryx.get': async ({ params }, { ports, tenantId }) =>
    webhookJson((await getEndpoint(ports, tenantId, params.id)).endpoint),

  'ventryx.update': async ({ params, body }, { ports, settings, tenantId }) => {
    const { url, events } = body;
    if (url !== undefined) checkUrlField('url', url, settings);
    const edit = { ...(url !== undefined && { url }), ...(events !== undefined && { events }) };
    await editEndpoint(ports, tenantId, params.id, edit);
    return webhookJson((await getEndpoint(ports, tenantId, params.id)).endpoint);
  },

  'ventryx.delete': async ({ params }, { ports, tenantId }) => deleteEndpoint(ports, tenantId, params.id),
};

function webhookJson(endpoint: Endpoint): VentryxWebhookJson {
  const { id, events, createdAt } = endpoint;
  return { id, url: shownUrl(endpoint), events: [...events], created_at: asTimestamp(createdAt) };
}
