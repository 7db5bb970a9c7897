import { startEventReplay } from '../../../pipeline/manual/bulk-jobs.ts';
import type { HandlersOf } from '../../handler.ts';
import { jobJson } from '../jobs/view.ts';
import type { eventRoutes } from './routes.ts';

type Used = 'clock' | 'random' | 'endpoints' | 'events' | 'jobs' | 'queues' | 'log';

export const eventManualHandlers: HandlersOf<typeof eventRoutes, 'endpoints', Used> = {
  'events.replay': async ({ params, body }, { ports, tenantId }) =>
    jobJson(await startEventReplay(ports, tenantId, params.id, body.endpoint_ids)),
};
