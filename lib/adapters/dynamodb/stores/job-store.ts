import { type Job, isBulkWork } from '../../../domain/job.ts';
import type { JobStore, OpenJobsPage } from '../../../ports/job-store.ts';
import type { DocumentTable } from '../access/document-table.ts';
import type { Item } from '../access/item.ts';
import { mergeSorted, pageSizeOf, takeFirst } from '../access/sorted-merge.ts';
import { dueIndexKey, jobKey, openJobIndexKey, openJobsPk, parseJobKey } from '../layout/keys.ts';
import type { Lifetime } from '../layout/lifetime.ts';
import { fromRecordItem, toRecordItem } from '../layout/record-item.ts';
import { OPEN_JOB_SHARDS, everyShard } from '../layout/shards.ts';
import { STATUS_INDEX } from '../layout/tables.ts';
import type { StoredSchema } from '../layout/stored-schema.ts';

/** A job is in the due index while it is unfinished, and expires only when it is finished. */
export class DynamoJobStore implements JobStore {
  readonly #log: DocumentTable;
  readonly #lifetime: Lifetime;
  readonly #schema: StoredSchema;

  constructor(log: DocumentTable, lifetime: Lifetime, schema: StoredSchema) {
    this.#log = log;
    this.#lifetime = lifetime;
    this.#schema = schema;
  }

  async createUnlessExists(job: Job): Promise<boolean> {
    return this.#log.putIf(await this.#itemOf(job), {
      text: `attribute_not_exists(#pk) OR ${this.#lifetime.isExpired}`,
      values: this.#lifetime.values(),
    });
  }

  async get(tenantId: string, jobId: string): Promise<Job | undefined> {
    return fromRecordItem<Job>(this.#lifetime.unexpired(await this.#log.get(jobKey(tenantId, jobId))));
  }

  async replaceIfStep(job: Job, step: number): Promise<boolean> {
    return this.#log.putIf(await this.#itemOf(job), { text: '#step = :step', values: { ':step': step } });
  }

  async pageOpen(before: string | undefined, limit: number): Promise<OpenJobsPage> {
    const shards = everyShard(OPEN_JOB_SHARDS).map((shard) => this.#openOf(shard, before, limit));
    const jobs = await takeFirst(mergeSorted(shards, newestFirst), limit + 1, (item) => parseJobKey(item));
    const page = jobs.slice(0, limit).map(({ tenantId, jobId }) => ({ tenantId, id: jobId }));
    const last = page.at(-1);
    return jobs.length > limit && last ? { jobs: page, next: last.id } : { jobs: page };
  }

  #openOf(shard: number, before: string | undefined, limit: number) {
    const inShard = { text: '#status_pk = :pk', values: { ':pk': openJobsPk(shard) } };
    const earlier = {
      text: `${inShard.text} AND #status_sk < :before`,
      values: { ...inShard.values, ':before': before },
    };
    const pageSize = pageSizeOf(limit + 1, OPEN_JOB_SHARDS);
    const keys = before === undefined ? inShard : earlier;
    return this.#log.query({ index: STATUS_INDEX, keys, order: 'descending', pageSize });
  }

  async #itemOf(job: Job): Promise<Item> {
    const { tenantId, id, kind, checkAt, createdAt } = job;
    const shards = await this.#schema.dueShards();
    const ofOpen = () => ({ ...dueIndexKey(checkAt ?? 0, id, shards), ...(isBulkWork(kind) && openJobIndexKey(id)) });
    const indexOrExpiry = checkAt === undefined ? this.#lifetime.expiry(createdAt) : ofOpen();
    return toRecordItem(jobKey(tenantId, id), job, indexOrExpiry);
  }
}

function newestFirst(a: Item, b: Item): number {
  return a.sk < b.sk ? 1 : -1;
}
