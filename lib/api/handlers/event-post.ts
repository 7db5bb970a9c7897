import type { z } from 'zod';
import type { PostedEvent } from '../../pipeline/ingest.ts';
import type { HandlersOf } from '../handler.ts';
import { tooLarge } from '../read-body.ts';
import type { eventPost } from '../schemas/event.ts';

/** Apart from the routes that read events: the function that takes events in loads nothing of the history. */
export const eventPostHandlers: Pick<HandlersOf<'events'>, 'events.post'> = {
  'events.post': async ({ headers, body }, { ingest, settings, tenantId }) => {
    const event = postedEvent(body);
    // A number such as 1E20 is written longer than it was posted.
    if (Buffer.byteLength(event.data) > settings.maxBodyBytes) throw tooLarge(settings.maxBodyBytes);
    const idempotencyKey = headers['idempotency-key'];
    return ingest({ tenantId, event, ...(idempotencyKey !== undefined && { idempotencyKey }) });
  },
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
