import type { z } from 'zod';
import { getEvent, listDeliveriesOfEvent, listEvents } from '../../pipeline/history.ts';
import type { PostedEvent } from '../../pipeline/ingest.ts';
import { writeCursor } from '../cursor.ts';
import type { HandlersOf } from '../handler.ts';
import { listRange } from '../list-range.ts';
import { tooLarge } from '../read-body.ts';
import type { eventPost } from '../schemas/event.ts';
import { deliveryJson } from '../views/delivery.ts';
import { eventDetailJson, eventJson } from '../views/event.ts';

export const eventHandlers: HandlersOf<'events'> = {
  'events.post': async ({ headers, body }, { ingest, settings, tenantId }) => {
    const event = postedEvent(body);
    // A number such as 1E20 is written longer than it was posted.
    if (Buffer.byteLength(event.data) > settings.maxBodyBytes) throw tooLarge(settings.maxBodyBytes);
    const idempotencyKey = headers['idempotency-key'];
    return ingest({ tenantId, event, ...(idempotencyKey !== undefined && { idempotencyKey }) });
  },

  'events.list': async ({ query }, { ports, tenantId }) => {
    const list = { route: 'events.list', filters: { since: query.since, until: query.until } } as const;
    const page = await listEvents(ports, tenantId, listRange(list, query));
    return { data: page.data.map(eventJson), next_cursor: writeCursor(list, page.nextCursor) };
  },

  'events.get': async ({ params }, { ports, tenantId }) => eventDetailJson(await getEvent(ports, tenantId, params.id)),

  'events.deliveries': async ({ params }, { ports, tenantId }) => ({
    data: (await listDeliveriesOfEvent(ports, tenantId, params.id)).map(deliveryJson),
    next_cursor: null,
  }),
};

/** `data` and `trace` become JSON text again: the values that were posted, with numbers as JSON.parse reads them. */
function postedEvent(body: z.output<typeof eventPost>): PostedEvent {
  const { type, data, project, trace, external_id: externalId } = body;
  return {
    type,
    data: JSON.stringify(data),
    ...(project && { project: { id: project.id, ...(project.name !== undefined && { name: project.name }) } }),
    ...(trace !== undefined && { trace: JSON.stringify(trace) }),
    ...(externalId !== undefined && { externalId }),
  };
}
