import { getJob } from '../../pipeline/history/history.ts';
import type { HandlersOf } from '../handler.ts';
import { jobJson } from '../views/job.ts';

export const jobHandlers: HandlersOf<'jobs'> = {
  'jobs.get': async ({ params }, { ports, tenantId }) => jobJson(await getJob(ports, tenantId, params.id)),
};
