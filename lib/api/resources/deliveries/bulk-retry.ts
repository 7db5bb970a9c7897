import * as z from 'zod';
import type { RetryFilter } from '../../../pipeline/manual/bulk-jobs.ts';
import { eventType } from '../../schemas/event-type.ts';
import { EXAMPLE_IDS, endpointId } from '../../schemas/ids.ts';
import { EMPTY_RANGE, isRange, timeRange } from '../../schemas/times.ts';

const retriedStatus = z
  .enum(['exhausted', 'abandoned'])
  .meta({ id: 'RetriedStatus', description: 'The statuses that a bulk retry can repeat.' });

/** Which deliveries a bulk retry repeats. */
export const bulkRetry = z
  .strictObject({
    endpoint_id: endpointId.optional().meta({ description: 'Only deliveries to this endpoint.' }),
    event_type: eventType.optional().meta({ description: 'Only deliveries of events of this type.' }),
    status: retriedStatus.optional().meta({ description: 'Only deliveries with this status. Without it: both.' }),
    since: timeRange.since.meta({ description: 'Only deliveries of events that came at or after this time.' }),
    until: timeRange.until.meta({ description: 'Only deliveries of events that came before this time.' }),
  })
  .refine((filter) => Object.keys(filter).length > 0, 'must have at least one condition')
  .refine(isRange, EMPTY_RANGE)
  .meta({
    id: 'BulkRetry',
    minProperties: 1,
    description: 'Which deliveries are retried: those that meet every condition.',
    examples: [
      {
        endpoint_id: EXAMPLE_IDS.endpoint,
        event_type: 'task.completed',
        status: 'exhausted',
        since: '2026-02-06T12:00:00Z',
        until: '2026-02-06T18:00:00Z',
      },
    ],
  });

export function retryFilter(body: z.output<typeof bulkRetry>): RetryFilter {
  const { endpoint_id: endpointId, event_type: eventType, status, since, until } = body;
  return {
    ...(endpointId !== undefined && { endpointId }),
    ...(eventType !== undefined && { eventType }),
    ...(status !== undefined && { status }),
    ...(since !== undefined && { since }),
    ...(until !== undefined && { until }),
  };
}
