import type { Statement } from '../database/statement.ts';
import type { RemovedCounts, TenantPart } from '../../../domain/job.ts';
import type { RemovablePart, Removal, TenantData } from '../../../ports/tenant-data.ts';
import type { Database } from '../database/database.ts';
import { deleteSome } from '../database/delete-some.ts';
import type { GroupCommit } from '../database/group-commit.ts';
import { ROWS_OF_TENANT } from './quota-counter.ts';

/** A table with rows of a tenant: its key, and which rows. */
interface Place {
  table: string;
  key: string;
  where: string;
  /** What its rows are counted as; absent: not at all. */
  counted?: TenantPart;
}

const OWN = 'tenant = :tenant';

/** What hangs on a row of `events` or `deliveries` goes with it. Deliveries go before their endpoints. */
const PLACES: Readonly<Record<RemovablePart, readonly Place[]>> = {
  apiKeys: [
    { table: 'api_keys', key: 'hash', where: `coalesce(body ->> '$.tenantId', '') = :tenant`, counted: 'apiKeys' },
    { table: 'portal_sessions', key: 'owner, id', where: 'owner = :tenant' },
  ],
  endpoints: [
    { table: 'deliveries', key: 'row', where: OWN, counted: 'deliveries' },
    { table: 'poll_entries', key: 'tenant, endpoint, key', where: OWN },
    { table: 'poll_consumers', key: 'tenant, endpoint, name', where: OWN },
    { table: 'polls_settled', key: 'tenant, endpoint', where: OWN },
    { table: 'endpoints', key: 'rowid', where: OWN, counted: 'endpoints' },
    { table: 'subscriptions', key: 'tenant, shard, endpoint', where: OWN },
    { table: 'endpoint_health', key: 'tenant, endpoint', where: OWN },
    { table: 'slow_endpoints', key: 'tenant, endpoint', where: OWN },
    { table: 'rate_slots', key: 'tenant, endpoint', where: OWN },
  ],
  events: [
    { table: 'events', key: 'row', where: OWN, counted: 'events' },
    { table: 'event_endpoints', key: 'rowid', where: OWN },
  ],
  jobs: [{ table: 'jobs', key: 'row', where: `${OWN} AND id <> :keptJob`, counted: 'jobs' }],
  eventTypes: [{ table: 'event_types', key: 'owner, type', where: 'owner = :tenant', counted: 'eventTypes' }],
  numbers: [
    { table: 'numbers', key: 'tenant, kind, number', where: OWN, counted: 'numbers' },
    { table: 'number_sequences', key: 'tenant, kind', where: OWN },
  ],
  counters: [
    { table: 'quota_counts', key: 'tenant', where: ROWS_OF_TENANT, counted: 'counters' },
    { table: 'usage', key: 'tenant, day', where: OWN, counted: 'counters' },
    { table: 'usage_latencies', key: 'tenant, day, measure, step', where: OWN },
    { table: 'claims', key: 'tenant, key', where: OWN },
  ],
};

/** Claims are found here, too: they go with the counters. */
export class SqliteTenantData implements TenantData {
  readonly #commits: GroupCommit;
  readonly #removes: ReadonlyMap<Place, Statement>;

  constructor(database: Database, commits: GroupCommit) {
    this.#commits = commits;
    const places = Object.values(PLACES).flat();
    this.#removes = new Map(
      places.map((place) => [place, database.prepare(deleteSome(place.table, place.key, place.where))]),
    );
  }

  async removeSome(tenantId: string, part: RemovablePart, limit: number, keptJob: string): Promise<Removal> {
    const removed: RemovedCounts = {};
    for (const place of PLACES[part]) {
      const count = await this.#removeAt(place, tenantId, limit, keptJob);
      if (place.counted && count > 0) removed[place.counted] = (removed[place.counted] ?? 0) + count;
      if (count === limit) return { removed, done: false };
    }
    return { removed, done: true };
  }

  #removeAt(place: Place, tenant: string, limit: number, keptJob: string): Promise<number> {
    const parameters = { tenant, limit, ...(place.where.includes(':keptJob') && { keptJob }) };
    return this.#commits.write(() => Number(this.#removes.get(place)?.run(parameters).changes));
  }
}
