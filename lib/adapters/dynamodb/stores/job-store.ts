import type { Job } from '../../../domain/job.ts';
import type { JobStore } from '../../../ports/job-store.ts';
import type { DocumentTable } from '../access/document-table.ts';
import type { Item } from '../access/item.ts';
import { dueIndexKey, jobKey } from '../layout/keys.ts';
import type { Lifetime } from '../layout/lifetime.ts';
import { fromRecordItem, toRecordItem } from '../layout/record-item.ts';
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
    return this.#log.putIf(await this.#itemOf(job), { text: 'attribute_not_exists(#pk)' });
  }

  async get(tenantId: string, jobId: string): Promise<Job | undefined> {
    return fromRecordItem<Job>(this.#lifetime.unexpired(await this.#log.get(jobKey(tenantId, jobId))));
  }

  async replaceIfStep(job: Job, step: number): Promise<boolean> {
    return this.#log.putIf(await this.#itemOf(job), { text: '#step = :step', values: { ':step': step } });
  }

  async #itemOf(job: Job): Promise<Item> {
    const { tenantId, id, checkAt, createdAt } = job;
    const shards = await this.#schema.dueShards();
    const indexOrExpiry = checkAt === undefined ? this.#lifetime.expiry(createdAt) : dueIndexKey(checkAt, id, shards);
    return toRecordItem(jobKey(tenantId, id), job, indexOrExpiry);
  }
}
