import { ServiceFault } from '../../../domain/errors.ts';
import type { IdempotencyRecord, IdempotencyStore } from '../../../ports/idempotency-store.ts';
import type { DocumentTable } from '../access/document-table.ts';
import type { Item } from '../access/item.ts';
import { idempotencyRecordKey } from '../layout/keys.ts';
import { ttlSeconds } from '../layout/lifetime.ts';
import { fromRecordItem, toRecordItem } from '../layout/record-item.ts';
import { TTL_ATTRIBUTE } from '../layout/tables.ts';

/** Between the failed write and the read, the existing claim may expire and be deleted: then try again. */
const MAX_ROUNDS = 3;

export class DynamoIdempotencyStore implements IdempotencyStore {
  readonly #log: DocumentTable;

  constructor(log: DocumentTable) {
    this.#log = log;
  }

  async claimUnlessTaken(claim: IdempotencyRecord, now: number): Promise<IdempotencyRecord | undefined> {
    const unlessTaken = { text: 'attribute_not_exists(#pk) OR #expiresAt <= :now', values: { ':now': now } };
    for (let round = 0; round < MAX_ROUNDS; round += 1) {
      if (await this.#log.putIf(itemOf(claim), unlessTaken)) return undefined;
      const taken = fromRecordItem<IdempotencyRecord>(
        await this.#log.get(idempotencyRecordKey(claim.tenantId, claim.key)),
      );
      if (taken) return taken;
    }
    throw new ServiceFault('An idempotency claim existed and disappeared in every attempt.');
  }
}

function itemOf(claim: IdempotencyRecord): Item {
  return toRecordItem(idempotencyRecordKey(claim.tenantId, claim.key), claim, {
    [TTL_ATTRIBUTE]: ttlSeconds(claim.expiresAt),
  });
}
