import { getJob } from '../../../pipeline/history/history.ts';
import type { HandlersOf } from '../../handler.ts';
import type { jobRoutes } from './routes.ts';
import { jobJson } from './view.ts';

export const jobReadHandlers: HandlersOf<typeof jobRoutes, 'history', 'jobs'> = {
  'jobs.get': async ({ params }, { ports, tenantId }) => jobJson(await getJob(ports, tenantId, params.id)),
};
