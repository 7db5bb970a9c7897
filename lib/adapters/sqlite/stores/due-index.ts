import type { Statement } from '../database/statement.ts';
import type { DueEntry, DueIndex, DuePage, DuePlace } from '../../../ports/due-index.ts';
import { type Position, cutPage, positionAfter } from '../database/paging.ts';
import type { Database } from '../database/database.ts';
import type { GroupCommit } from '../database/group-commit.ts';

const MINUTE_MS = 60_000;
const WATERMARK = 'sweep.watermark';

/** Kind, `checkAt`, tenant, then endpoint, event and ordinal of a delivery, or the id of a job and two blanks. */
type DuePosition = [DueEntry['kind'], number, string, string, string, number];
type Place = Record<'until' | 'checkAt' | 'limit' | 'ordinal', number> & Record<'tenant' | 'first' | 'second', string>;

/** Reads the partial indexes of `checkAt`: the deliveries of a minute first, then its jobs. */
export class SqliteDueIndex implements DueIndex {
  readonly #database: Database;
  readonly #commits: GroupCommit;
  readonly #deliveries: Statement;
  readonly #jobs: Statement;
  readonly #mark: Statement;
  readonly #raise: Statement;
  readonly #postpone: Record<DueEntry['kind'], { read: Statement; move: Statement }>;

  constructor(database: Database, commits: GroupCommit) {
    this.#database = database;
    this.#commits = commits;
    this.#deliveries = database.prepare(DELIVERIES);
    this.#jobs = database.prepare(JOBS);
    this.#mark = database.prepare('SELECT value FROM marks WHERE name = ?');
    this.#raise = database.prepare(
      'INSERT INTO marks VALUES (?, ?) ON CONFLICT DO UPDATE SET value = max(value, excluded.value)',
    );
    this.#postpone = {
      delivery: postponing(database, 'deliveries', DELIVERY_KEY),
      job: postponing(database, 'jobs', JOB_KEY),
    };
  }

  /** SQLite has one writer, and needs no shards. */
  async shards(): Promise<number> {
    return 1;
  }

  async raiseShards(): Promise<number> {
    return 1;
  }

  async page({ minute }: DuePlace, cursor: string | undefined, limit: number): Promise<DuePage> {
    const start: DuePosition = ['delivery', minute * MINUTE_MS, '', '', '', -1];
    const after = positionAfter(cursor, start);
    const rows = await this.#database.read(() => this.#entriesAfter(after, minute, limit + 1));
    const [entries, next] = cutPage(rows, limit, positionOf);
    return next === undefined ? { entries } : { entries, next };
  }

  watermark(): Promise<number | undefined> {
    return this.#database.read(() => {
      const row = this.#mark.get(WATERMARK);
      return row && Number(row.value);
    });
  }

  async raiseWatermark(minute: number): Promise<void> {
    await this.#commits.write(() => this.#raise.run(WATERMARK, minute));
  }

  postpone(entry: DueEntry, next: (checkAt: number) => number): Promise<number | undefined> {
    const { read, move } = this.#postpone[entry.kind];
    const key = keyOf(entry);
    return this.#commits.write(() => {
      const checkAt = next(Number(read.get(key)?.check_at ?? entry.checkAt));
      return move.run({ ...key, checkAt, seen: entry.checkAt }).changes === 1 ? checkAt : undefined;
    });
  }

  #entriesAfter(after: DuePosition, minute: number, count: number): DueEntry[] {
    const [kind, checkAt, tenant, first, second, ordinal] = after;
    const until = (minute + 1) * MINUTE_MS;
    const place: Place = { until, checkAt, tenant, first, second, ordinal, limit: count };
    if (kind === 'job') return this.#jobsAfter(place);
    const deliveries = this.#deliveries.all(place).map(toDeliveryEntry);
    const limit = count - deliveries.length;
    if (limit === 0) return deliveries;
    const beforeAllJobs: Place = { ...place, checkAt: minute * MINUTE_MS, tenant: '', first: '', limit };
    return [...deliveries, ...this.#jobsAfter(beforeAllJobs)];
  }

  #jobsAfter(place: Place): DueEntry[] {
    const { second: _second, ordinal: _ordinal, ...parameters } = place;
    return this.#jobs.all(parameters).map(toJobEntry);
  }
}

const DELIVERY_KEY = 'tenant = :tenant AND endpoint = :endpoint AND event = :event AND ordinal = :ordinal';
const JOB_KEY = 'tenant = :tenant AND id = :id';

/** Writes the column of the index alone: the record in `body` need not even be JSON. */
function postponing(database: Database, table: 'deliveries' | 'jobs', key: string) {
  const own = `CASE WHEN json_valid(body) THEN body ->> '$.checkAt' END`;
  return {
    read: database.prepare(`SELECT ${own} AS check_at FROM ${table} WHERE ${key}`),
    move: database.prepare(`UPDATE ${table} SET check_at = :checkAt WHERE ${key} AND check_at = :seen`),
  };
}

function keyOf(entry: DueEntry): Record<string, string | number> {
  if (entry.kind === 'job') return { tenant: entry.tenantId, id: entry.jobId };
  const { tenantId, endpointId, eventId, ordinal } = entry.key;
  return { tenant: tenantId, endpoint: endpointId, event: eventId, ordinal };
}

const DELIVERIES = `
  SELECT check_at, tenant, endpoint, event, ordinal FROM deliveries
  WHERE check_at < :until AND (check_at, tenant, endpoint, event, ordinal) > (:checkAt, :tenant, :first, :second, :ordinal)
  ORDER BY check_at, tenant, endpoint, event, ordinal LIMIT :limit`;

const JOBS = `
  SELECT check_at, tenant, id FROM jobs
  WHERE check_at < :until AND (check_at, tenant, id) > (:checkAt, :tenant, :first)
  ORDER BY check_at, tenant, id LIMIT :limit`;

function toDeliveryEntry(row: Record<string, unknown>): DueEntry {
  const key = {
    tenantId: row.tenant as string,
    endpointId: row.endpoint as string,
    eventId: row.event as string,
    ordinal: Number(row.ordinal),
  };
  return { kind: 'delivery', key, checkAt: Number(row.check_at) };
}

function toJobEntry(row: Record<string, unknown>): DueEntry {
  return { kind: 'job', tenantId: row.tenant as string, jobId: row.id as string, checkAt: Number(row.check_at) };
}

function positionOf(entry: DueEntry): Position {
  if (entry.kind === 'job') return [entry.kind, entry.checkAt, entry.tenantId, entry.jobId, '', -1];
  const { tenantId, endpointId, eventId, ordinal } = entry.key;
  return [entry.kind, entry.checkAt, tenantId, endpointId, eventId, ordinal];
}
