import type { ViewPorts } from '../../../pipeline/history/views.ts';
import { startBulkRetry } from '../../../pipeline/manual/bulk-jobs.ts';
import { retryDelivery } from '../../../pipeline/manual/retry-delivery.ts';
import type { HandlersOf } from '../../handler.ts';
import { keyedCall } from '../../http/keyed-call.ts';
import { jobJson } from '../jobs/view.ts';
import { retryFilter } from './bulk-retry.ts';
import { deliveryRoutes } from './routes.ts';
import { deliveryJson } from './view.ts';

type Used = keyof ViewPorts | 'jobs' | 'idempotency' | 'random' | 'queues' | 'log';

export const deliveryManualHandlers: HandlersOf<typeof deliveryRoutes, 'endpoints', Used> = {
  'deliveries.retry': async (request, { ports, tenantId }) => {
    const keyed = keyedCall(deliveryRoutes.retry.id, request);
    return deliveryJson(await retryDelivery(ports, tenantId, request.params.id, keyed));
  },

  'deliveries.bulk-retry': async (request, { ports, tenantId }) => {
    const keyed = keyedCall(deliveryRoutes.bulkRetry.id, request);
    return jobJson(await startBulkRetry(ports, tenantId, retryFilter(request.body), keyed));
  },
};
