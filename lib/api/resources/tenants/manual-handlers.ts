import { eraseTenant } from '../../../pipeline/manual/erase-tenant.ts';
import { startReseal } from '../../../pipeline/manual/reseal.ts';
import type { HandlersOf } from '../../handler.ts';
import { jobJson } from '../jobs/view.ts';
import type { tenantRoutes } from './routes.ts';

type Used = 'clock' | 'random' | 'log' | 'tenants' | 'factors' | 'secrets' | 'jobs' | 'queues';

export const tenantManualHandlers: HandlersOf<typeof tenantRoutes, 'endpoints', Used> = {
  'tenants.erase': async ({ params }, { ports }) => jobJson(await eraseTenant(ports, params.id)),
  'tenants.reseal': async ({ params }, { ports }) => jobJson(await startReseal(ports, params.id)),
};
