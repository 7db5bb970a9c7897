import type { Delivery } from '../../domain/delivery.ts';
import { firstUlidAt, timeOf } from '../../domain/ids.ts';
import { type Stats, type StatsRange, statsOf } from '../../domain/stats.ts';
import type { DeliveryPosition } from '../../ports/delivery-log.ts';
import type { Ports } from '../../ports/ports.ts';
import { existing } from '../endpoints/change-status.ts';

/** Records of an endpoint that a call reads at most: a bound of its time and its cost. */
export const MOST_RECORDS = 1000;
const PAGE = 250;

export interface EndpointStats extends Stats {
  /** There are more records in the range than were read. */
  isCapped: boolean;
  /** Of the steps from then on every record was read: milliseconds since the Unix epoch. */
  completeSince: number;
}

/**
 * What became of an endpoint's newest deliveries in a range, in steps.
 * @throws RequestError `not-found`
 */
export async function statsOfEndpoint(
  ports: Pick<Ports, 'endpoints' | 'deliveries'>,
  tenantId: string,
  endpointId: string,
  range: StatsRange,
): Promise<EndpointStats> {
  await existing(ports, tenantId, endpointId);
  const records = await newestRecords(ports, tenantId, endpointId, range);
  const isCapped = records.length > MOST_RECORDS;
  const read = records.slice(0, MOST_RECORDS);
  const oldest = read.at(-1);
  const { since, step } = range;
  const completeSince = isCapped && oldest ? (Math.floor(timeOf(oldest.eventId) / step) + 1) * step : since;
  return { ...statsOf(read, range), isCapped, completeSince };
}

/** One more than the most, where there are more. */
async function newestRecords(
  { deliveries }: Pick<Ports, 'deliveries'>,
  tenantId: string,
  endpointId: string,
  { since, until }: StatsRange,
): Promise<Delivery[]> {
  const records: Delivery[] = [];
  let before: DeliveryPosition | undefined = { eventId: `evt_${firstUlidAt(until)}`, endpointId, ordinal: 0 };
  while (before && records.length <= MOST_RECORDS) {
    const limit = Math.min(PAGE, MOST_RECORDS + 1 - records.length);
    const page: Delivery[] = await deliveries.pageOfEndpoint(tenantId, endpointId, before, limit, since);
    records.push(...page);
    before = page.length === limit ? page.at(-1) : undefined;
  }
  return records;
}
