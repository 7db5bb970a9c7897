import { getEvent, listDeliveriesOfEvent, listEvents } from '../../pipeline/history/history.ts';
import { writeCursor } from '../cursor.ts';
import type { HandlersOf } from '../handler.ts';
import { listRange } from '../list-range.ts';
import { deliveryJson } from '../views/delivery.ts';
import { eventDetailJson, eventJson } from '../views/event.ts';

export const eventHandlers: Omit<HandlersOf<'events'>, 'events.post' | 'events.batch'> = {
  'events.list': async ({ query }, { ports, tenantId }) => {
    const list = { route: 'events.list', filters: { since: query.since, until: query.until } } as const;
    const page = await listEvents(ports, tenantId, listRange(list, query));
    return { data: page.data.map(eventJson), next_cursor: writeCursor(list, page.nextCursor) };
  },

  'events.get': async ({ params }, { ports, tenantId }) => eventDetailJson(await getEvent(ports, tenantId, params.id)),

  'events.deliveries': async ({ params, query }, { ports, tenantId }) => {
    const list = { route: 'events.deliveries', filters: { id: params.id } } as const;
    const page = await listDeliveriesOfEvent(ports, tenantId, params.id, listRange(list, query));
    return { data: page.data.map(deliveryJson), next_cursor: writeCursor(list, page.nextCursor) };
  },
};
