import { DAY } from '../../../domain/durations.ts';
import type { Counted, QuotaCounter } from '../../../ports/quota-counter.ts';
import type { DocumentTable } from '../access/document-table.ts';
import { quotaKey } from '../layout/keys.ts';
import { type Lifetime, ttlSeconds } from '../layout/lifetime.ts';
import { TTL_ATTRIBUTE } from '../layout/tables.ts';

/** One item per window and what is counted, which expires a day later. */
export class DynamoQuotaCounter implements QuotaCounter {
  readonly #log: DocumentTable;
  readonly #lifetime: Lifetime;

  constructor(log: DocumentTable, lifetime: Lifetime) {
    this.#log = log;
    this.#lifetime = lifetime;
  }

  async add(tenantId: string, window: number, count: number, of: Counted = 'events'): Promise<number> {
    const expires = ttlSeconds(this.#lifetime.now() + DAY);
    const change = {
      text: `ADD #events :events SET #${TTL_ATTRIBUTE} = :expires`,
      values: { ':events': count, ':expires': expires },
    };
    const item = await this.#log.updateIf(quotaKey(tenantId, window, of), change);
    return Number(item?.events);
  }
}
