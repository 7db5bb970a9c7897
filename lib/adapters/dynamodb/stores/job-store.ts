import type { Job } from '../../../domain/job.ts';
import type { JobStore } from '../../../ports/job-store.ts';
import type { DocumentTable } from '../access/document-table.ts';
import type { Item } from '../access/item.ts';
import { dueIndexKey, jobKey } from '../layout/keys.ts';
import type { Lifetime } from '../layout/lifetime.ts';
import { fromRecordItem, toRecordItem } from '../layout/record-item.ts';

/** A job is in the due index while it is unfinished, and expires only when it is finished. */
export class DynamoJobStore implements JobStore {
  readonly #log: DocumentTable;
  readonly #lifetime: Lifetime;

  constructor(log: DocumentTable, lifetime: Lifetime) {
    this.#log = log;
    this.#lifetime = lifetime;
  }

  createUnlessExists(job: Job): Promise<boolean> {
    return this.#log.putIf(this.#itemOf(job), { text: 'attribute_not_exists(#pk)' });
  }

  async get(tenantId: string, jobId: string): Promise<Job | undefined> {
    return fromRecordItem<Job>(this.#lifetime.unexpired(await this.#log.get(jobKey(tenantId, jobId))));
  }

  replaceIfStep(job: Job, step: number): Promise<boolean> {
    return this.#log.putIf(this.#itemOf(job), { text: '#step = :step', values: { ':step': step } });
  }

  #itemOf(job: Job): Item {
    const { tenantId, id, checkAt, createdAt } = job;
    const indexOrExpiry = checkAt === undefined ? this.#lifetime.expiry(createdAt) : dueIndexKey(checkAt, id);
    return toRecordItem(jobKey(tenantId, id), job, indexOrExpiry);
  }
}
