import type { QuotaCounter } from '../../../ports/quota-counter.ts';
import type { DocumentTable } from '../access/document-table.ts';
import { quotaKey } from '../layout/keys.ts';
import { type Lifetime, ttlSeconds } from '../layout/lifetime.ts';
import { TTL_ATTRIBUTE } from '../layout/tables.ts';

const DAY_MS = 24 * 3600 * 1000;

/** One item per window, which expires a day later. */
export class DynamoQuotaCounter implements QuotaCounter {
  readonly #log: DocumentTable;
  readonly #lifetime: Lifetime;

  constructor(log: DocumentTable, lifetime: Lifetime) {
    this.#log = log;
    this.#lifetime = lifetime;
  }

  async add(tenantId: string, window: number, events: number): Promise<number> {
    const expires = ttlSeconds(this.#lifetime.now() + DAY_MS);
    const change = {
      text: `ADD #events :events SET #${TTL_ATTRIBUTE} = :expires`,
      values: { ':events': events, ':expires': expires },
    };
    const item = await this.#log.updateIf(quotaKey(tenantId, window), change);
    return Number(item?.events);
  }
}
