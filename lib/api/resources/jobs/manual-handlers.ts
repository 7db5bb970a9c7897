import type { HistoryPorts } from '../../../pipeline/history/history.ts';
import { cancelJob } from '../../../pipeline/manual/bulk-jobs.ts';
import type { HandlersOf } from '../../handler.ts';
import type { jobRoutes } from './routes.ts';
import { jobJson } from './view.ts';

export const jobManualHandlers: HandlersOf<typeof jobRoutes, 'endpoints', keyof HistoryPorts> = {
  'jobs.cancel': async ({ params }, { ports, tenantId }) => jobJson(await cancelJob(ports, tenantId, params.id)),
};
