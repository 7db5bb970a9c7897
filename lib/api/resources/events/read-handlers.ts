import { searchEvents } from '../../../pipeline/history/event-search.ts';
import type { ViewPorts } from '../../../pipeline/history/views.ts';
import { getEvent, listDeliveriesOfEvent } from '../../../pipeline/history/history.ts';
import type { HandlersOf } from '../../handler.ts';
import { writeCursor } from '../../http/cursor.ts';
import { listRange } from '../../http/list-range.ts';
import { deliveryJson } from '../deliveries/view.ts';
import { eventRoutes } from './routes.ts';
import { eventDetailJson, eventJson } from './view.ts';

export const eventReadHandlers: HandlersOf<typeof eventRoutes, 'history', keyof ViewPorts> = {
  'events.list': async ({ query }, { ports, tenantId }) => {
    const { type, external_id: externalId, endpoint_id: endpointId, since, until } = query;
    const list = { route: eventRoutes.list.id, tenantId, filters: { since, until, type, externalId, endpointId } };
    const filter = {
      ...(type !== undefined && { type }),
      ...(externalId !== undefined && { externalId }),
      ...(endpointId !== undefined && { endpointId }),
    };
    const page = await searchEvents(ports, tenantId, listRange(list, query), filter);
    return { data: page.data.map(eventJson), next_cursor: writeCursor(list, page.nextCursor) };
  },

  'events.get': async ({ params }, { ports, tenantId }) => eventDetailJson(await getEvent(ports, tenantId, params.id)),

  'events.deliveries': async ({ params, query }, { ports, tenantId }) => {
    const list = { route: eventRoutes.deliveries.id, tenantId, filters: { id: params.id } };
    const page = await listDeliveriesOfEvent(ports, tenantId, params.id, listRange(list, query));
    return { data: page.data.map(deliveryJson), next_cursor: writeCursor(list, page.nextCursor) };
  },
};
