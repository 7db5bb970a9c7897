import { startEventReplay } from '../../../pipeline/manual/bulk-jobs.ts';
import { deletePayload } from '../../../pipeline/manual/delete-payload.ts';
import type { HandlersOf } from '../../handler.ts';
import { keyedCall } from '../../http/keyed-call.ts';
import { jobJson } from '../jobs/view.ts';
import { eventRoutes } from './routes.ts';

type Used = 'clock' | 'idempotency' | 'random' | 'endpoints' | 'events' | 'jobs' | 'queues' | 'log';

export const eventManualHandlers: HandlersOf<typeof eventRoutes, 'endpoints', Used> = {
  'events.replay': async (request, { ports, tenantId }) => {
    const keyed = keyedCall(eventRoutes.replay.id, request);
    return jobJson(await startEventReplay(ports, tenantId, request.params.id, request.body.endpoint_ids, keyed));
  },

  'events.delete-payload': async ({ params }, { ports, tenantId }) =>
    jobJson(await deletePayload(ports, tenantId, params.id)),
};
