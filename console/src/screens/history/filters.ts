import type { BulkRetry, Delivery, DeliveryStatus, ListDeliveriesQuery, Page } from '@postrider/sdk';
import { query } from '../../router/place.ts';
import { api } from '../../session/session.ts';

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

/**
 * One page of the deliveries that the filters show. The cursor is the service's with the time that the first page began at:
 * the service takes its own only with the same filters, and "the last hour" is another time with each reading.
 */
export async function pageOfDeliveries(
  filters: HistoryFilters,
  { limit, cursor, signal }: { limit: number; cursor: string | undefined; signal: AbortSignal | undefined },
): Promise<Page<Delivery>> {
  const [since, from] = cursor === undefined ? [filters.since && timeOf(filters.since)] : parse(cursor);
  const query = { ...asQuery({ ...filters, since }), limit, ...(from && { cursor: from }) };
  const { data, next_cursor } = await api().deliveries.list(query, { signal }).page();
  return { data, next_cursor: next_cursor === null ? null : JSON.stringify([since, next_cursor]) };
}

const parse = (cursor: string) => JSON.parse(cursor) as [since: string, from: string];

export function asQuery({ status, endpoint, type, since }: HistoryFilters): ListDeliveriesQuery {
  return {
    ...(status && { status: status as DeliveryStatus }),
    ...(endpoint && { endpoint_id: endpoint }),
    ...(type && { event_type: type }),
    ...(since && { since: timeOf(since) }),
  };
}

/**
 * The deliveries that a bulk retry takes; undefined where the filters show none that can be retried, and without a filter:
 * nothing retries everything of all time.
 */
export function asBulkRetry(filters: HistoryFilters): BulkRetry | undefined {
  const { status, ...rest } = asQuery(filters);
  if (status === undefined) return Object.keys(rest).length > 0 ? rest : undefined;
  return status === 'exhausted' || status === 'abandoned' ? { ...rest, status } : undefined;
}

function timeOf(since: string): string {
  return /^\d+$/.test(since) ? new Date(Date.now() - Number(since) * 1000).toISOString() : since;
}
