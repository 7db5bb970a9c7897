import { listDeliveries } from '../../pipeline/history/delivery-lists.ts';
import { getDelivery } from '../../pipeline/history/history.ts';
import { writeCursor } from '../cursor.ts';
import type { HandlersOf } from '../handler.ts';
import { listRange } from '../list-range.ts';
import { deliveryDetailJson, deliveryJson } from '../views/delivery.ts';

export const deliveryHandlers: HandlersOf<'deliveries'> = {
  'deliveries.list': async ({ query }, { ports, tenantId }) => {
    const { cursor: _, limit: __, ...filters } = query;
    const list = { route: 'deliveries.list', filters } as const;
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
};
