import { cancelJob } from '../../../pipeline/manual/bulk-jobs.ts';
import type { HandlersOf } from '../../handler.ts';
import type { jobRoutes } from './routes.ts';
import { jobJson } from './view.ts';

export const jobManualHandlers: HandlersOf<typeof jobRoutes, 'endpoints', 'clock' | 'jobs'> = {
  'jobs.cancel': async ({ params }, { ports, tenantId }) => jobJson(await cancelJob(ports, tenantId, params.id)),
};
