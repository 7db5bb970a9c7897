import type { ViewPorts } from '../../../pipeline/history/history.ts';
import { startBulkRetry } from '../../../pipeline/manual/bulk-jobs.ts';
import { retryDelivery } from '../../../pipeline/manual/retry-delivery.ts';
import type { HandlersOf } from '../../handler.ts';
import { jobJson } from '../jobs/view.ts';
import { retryFilter } from './bulk-retry.ts';
import type { deliveryRoutes } from './routes.ts';
import { deliveryJson } from './view.ts';

type Used = keyof ViewPorts | 'jobs' | 'random' | 'queues' | 'log';

export const deliveryManualHandlers: HandlersOf<typeof deliveryRoutes, 'endpoints', Used> = {
  'deliveries.retry': async ({ params }, { ports, tenantId }) =>
    deliveryJson(await retryDelivery(ports, tenantId, params.id)),

  'deliveries.bulk-retry': async ({ body }, { ports, tenantId }) =>
    jobJson(await startBulkRetry(ports, tenantId, retryFilter(body))),
};
