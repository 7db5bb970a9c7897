import type { Delivery } from '../../../domain/delivery.ts';
import { type DeliveryKey, firstUlidAt } from '../../../domain/ids.ts';
import type { DeliveryPosition, StatusQuery } from '../../../ports/delivery-log.ts';
import { readCursor, writeCursor } from '../../../domain/cursor.ts';
import { fromDeliveryItem } from '../layout/delivery-item.ts';
import type { DocumentTable } from '../access/document-table.ts';
import type { Item } from '../access/item.ts';
import { deliveryPk, parseStatusSortKey, sortKeyBefore, statusGroupOf, statusPk } from '../layout/keys.ts';
import type { Lifetime } from '../layout/lifetime.ts';
import { DELIVERY_SHARDS, STATUS_GROUPS, STATUS_SHARDS, everyShard } from '../layout/shards.ts';
import { mergeSorted, pageSizeOf, takeFirst } from '../access/sorted-merge.ts';
import { STATUS_INDEX } from '../layout/tables.ts';

/** Before and after every sort key. */
const START = ' ';
const END = '~';
/** How many entries a page scans at most; then it is short, and the next page goes on. */
const MAX_SCANNED = 4000;

const descending = (a: string, b: string) => (a < b ? 1 : -1);
const ascending = (a: string, b: string) => (a < b ? -1 : 1);

/** An endpoint's records, newest event first, then the higher ordinal. */
export function pageOfEndpoint(
  log: DocumentTable,
  lifetime: Lifetime,
  endpoint: { tenantId: string; endpointId: string },
  before: DeliveryPosition | undefined,
  limit: number,
  since?: number,
): Promise<Delivery[]> {
  const start = boundAt(since, START);
  const end = before ? sortKeyBefore(before) : END;
  if (start >= end) return Promise.resolve([]);
  const shards = everyShard(DELIVERY_SHARDS).map((shard) =>
    log.query({
      keys: {
        text: '#pk = :pk AND #sk BETWEEN :start AND :end',
        values: {
          ':pk': deliveryPk(endpoint.tenantId, endpoint.endpointId, shard),
          ':start': start,
          ':end': end,
        },
      },
      order: 'descending',
      pageSize: pageSizeOf(limit, DELIVERY_SHARDS),
      consistent: true,
    }),
  );
  const newestFirst = mergeSorted(shards, (a, b) => descending(a.sk, b.sk));
  // BETWEEN includes its end, the page does not.
  return takeFirst(newestFirst, limit, (item) => {
    const kept = item.sk < end ? lifetime.unexpired(item) : undefined;
    return kept && fromDeliveryItem(kept);
  });
}

export interface StatusPage {
  keys: DeliveryKey[];
  next?: string;
}

/** The keys in the index of a status, ordered by event. */
export async function pageOfStatus(log: DocumentTable, query: StatusQuery): Promise<StatusPage> {
  const { tenantId, endpointId, limit } = query;
  const found: DeliveryKey[] = [];
  let scanned = 0;
  let last: string | undefined;
  for await (const item of entriesOf(log, query)) {
    // This entry is one more than the page has, so there is a next page.
    if (last !== undefined && (found.length >= limit || scanned >= MAX_SCANNED)) {
      return { keys: found, next: writeCursor(last) };
    }
    last = String(item.status_sk);
    scanned += 1;
    const key = parseStatusSortKey(tenantId, last);
    if (endpointId === undefined || key.endpointId === endpointId) found.push(key);
  }
  return { keys: found };
}

/** Sort keys begin with the event's ULID, so a bound of time is a bound of keys. */
function boundAt(ms: number | undefined, unbounded: string): string {
  return ms === undefined ? unbounded : firstUlidAt(ms);
}

/** Between the bounds, which are not included: no sort key is a bare ULID, and the cursor's own entry is left out. */
async function* entriesOf(log: DocumentTable, query: StatusQuery): AsyncGenerator<Item, void> {
  const { tenantId, status, endpointId, order } = query;
  const oldestFirst = order === 'oldest-first';
  const after = query.cursor === undefined ? undefined : readCursor(query.cursor, isStatusSortKey);
  const [since, until] = [boundAt(query.since, START), boundAt(query.until, END)];
  const start = oldestFirst && after !== undefined && after > since ? after : since;
  const end = !oldestFirst && after !== undefined && after < until ? after : until;
  if (start >= end) return;
  const groups = endpointId === undefined ? everyShard(STATUS_GROUPS) : [statusGroupOf(endpointId)];
  const partitions = groups.flatMap((group) =>
    everyShard(STATUS_SHARDS).map((shard) => statusPk(tenantId, status, group, shard)),
  );
  const lists = partitions.map((pk) =>
    log.query({
      index: STATUS_INDEX,
      keys: {
        text: '#status_pk = :pk AND #status_sk BETWEEN :start AND :end',
        values: { ':pk': pk, ':start': start, ':end': end },
      },
      order: oldestFirst ? 'ascending' : 'descending',
      pageSize: pageSizeOf(query.limit, partitions.length),
    }),
  );
  const compare = oldestFirst ? ascending : descending;
  for await (const item of mergeSorted(lists, (a, b) => compare(String(a.status_sk), String(b.status_sk)))) {
    if (item.status_sk !== after) yield item;
  }
}

const STATUS_SORT_KEY = /^[0-9A-HJKMNP-TV-Z]{26}#[0-9A-HJKMNP-TV-Z]{26}#\d{6}$/;

function isStatusSortKey(value: unknown): value is string {
  return typeof value === 'string' && STATUS_SORT_KEY.test(value);
}
