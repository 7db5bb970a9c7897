import type { BulkRetry, DeliveryStatus, ListDeliveriesQuery } from '@postrider/sdk';
import { query } from '../../router/place.ts';

/** What the URL of the history asks for. */
export interface HistoryFilters {
  status: string;
  endpoint: string;
  type: string;
  /** A number of seconds before now, or a time. */
  since: string;
}

export const NAMES = ['status', 'endpoint', 'type', 'since'] as const satisfies readonly (keyof HistoryFilters)[];

export function filtersOfPlace(): HistoryFilters {
  const [status = '', endpoint = '', type = '', since = ''] = NAMES.map((name) => query.value.get(name) ?? '');
  return { status, endpoint, type, since };
}

export function asQuery({ status, endpoint, type, since }: HistoryFilters): ListDeliveriesQuery {
  return {
    ...(status && { status: status as DeliveryStatus }),
    ...(endpoint && { endpoint_id: endpoint }),
    ...(type && { event_type: type }),
    ...(since && { since: timeOf(since) }),
  };
}

/** The deliveries that a bulk retry takes; undefined where the filters show none that can be retried. */
export function asBulkRetry(filters: HistoryFilters): BulkRetry | undefined {
  const { status, ...rest } = asQuery(filters);
  if (status === undefined) return rest;
  return status === 'exhausted' || status === 'abandoned' ? { ...rest, status } : undefined;
}

function timeOf(since: string): string {
  return /^\d+$/.test(since) ? new Date(Date.now() - Number(since) * 1000).toISOString() : since;
}
