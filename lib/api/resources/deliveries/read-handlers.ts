import { attemptRequest } from '../../../pipeline/history/attempt-request.ts';
import { listDeliveries } from '../../../pipeline/history/delivery-lists.ts';
import type { ViewPorts } from '../../../pipeline/history/views.ts';
import { getDelivery } from '../../../pipeline/history/history.ts';
import type { HandlersOf } from '../../handler.ts';
import { writeCursor } from '../../http/cursor.ts';
import { listRange } from '../../http/list-range.ts';
import { attemptRequestJson } from './attempt-request.ts';
import { deliveryRoutes } from './routes.ts';
import { deliveryDetailJson, deliveryJson } from './view.ts';

export const deliveryReadHandlers: HandlersOf<typeof deliveryRoutes, 'history', keyof ViewPorts> = {
  'deliveries.list': async ({ query }, { ports, tenantId }) => {
    const { cursor: _, limit: __, ...filters } = query;
    const list = { route: deliveryRoutes.list.id, tenantId, filters };
    const page = await listDeliveries(ports, tenantId, {
      ...listRange(list, query),
      ...(query.endpoint_id !== undefined && { endpointId: query.endpoint_id }),
      ...(query.event_type !== undefined && { eventType: query.event_type }),
      ...(query.status !== undefined && { status: query.status }),
    });
    return { data: page.data.map(deliveryJson), next_cursor: writeCursor(list, page.nextCursor) };
  },

  'deliveries.get': async ({ params }, { ports, tenantId }) =>
    deliveryDetailJson(await getDelivery(ports, tenantId, params.id)),

  'deliveries.request': async ({ params, query }, { ports, tenantId }) =>
    attemptRequestJson(await attemptRequest(ports, tenantId, params.id, query.attempt)),
};
