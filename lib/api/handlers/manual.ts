import {
  type RetryFilter,
  cancelJob,
  startBulkRetry,
  startEventReplay,
  startReplay,
} from '../../pipeline/manual/bulk-jobs.ts';
import { retryDelivery } from '../../pipeline/manual/retry-delivery.ts';
import { runDueRetries } from '../../pipeline/manual/waiting-retries.ts';
import type { ManualRouteId } from '../manual-routes.ts';
import type { Handlers } from '../handler.ts';
import type { BulkRetryBody } from '../schemas/delivery.ts';
import { deliveryJson } from '../views/delivery.ts';
import { jobJson } from '../views/job.ts';

/** What a person does about deliveries. Apart from those that only show them: these write and send. */
export const manualHandlers: Required<Pick<Handlers, ManualRouteId>> = {
  'deliveries.retry': async ({ params }, { ports, tenantId }) =>
    deliveryJson(await retryDelivery(ports, tenantId, params.id)),

  'deliveries.bulk-retry': async ({ body }, { ports, tenantId }) =>
    jobJson(await startBulkRetry(ports, tenantId, retryFilter(body))),

  'endpoints.replay': async ({ params, body }, { ports, tenantId }) => {
    const { since, until, event_types: eventTypes } = body;
    const job = await startReplay(ports, tenantId, params.id, {
      since,
      ...(until !== undefined && { until }),
      ...(eventTypes !== undefined && { eventTypes }),
    });
    return jobJson(job);
  },

  'events.replay': async ({ params, body }, { ports, tenantId }) =>
    jobJson(await startEventReplay(ports, tenantId, params.id, body.endpoint_ids)),

  'jobs.cancel': async ({ params }, { ports, tenantId }) => jobJson(await cancelJob(ports, tenantId, params.id)),

  'retries.run': ({ query }, { ports, tenantId }) => runDueRetries(ports, tenantId, query.limit),
};

function retryFilter({ endpoint_id: endpointId, event_type: eventType, ...rest }: BulkRetryBody): RetryFilter {
  const { status, since, until } = rest;
  return {
    ...(endpointId !== undefined && { endpointId }),
    ...(eventType !== undefined && { eventType }),
    ...(status !== undefined && { status }),
    ...(since !== undefined && { since }),
    ...(until !== undefined && { until }),
  };
}
