import { readCursor, writeCursor } from '../../../domain/cursor.ts';
import type { TroubledEndpoints, TroubledPage } from '../../../ports/troubled-endpoints.ts';
import type { DocumentTable } from '../access/document-table.ts';
import { parseTroubleSortKey, troublePk } from '../layout/keys.ts';
import { TROUBLE_SHARDS } from '../layout/shards.ts';
import { TROUBLE_INDEX } from '../layout/tables.ts';

/** The shard, and the last sort key that was read of it. */
type Place = [shard: number, after: string];

/** Reads one shard of the sparse index after the other. */
export class DynamoTroubledEndpoints implements TroubledEndpoints {
  readonly #config: DocumentTable;

  constructor(config: DocumentTable) {
    this.#config = config;
  }

  async page(cursor: string | undefined, limit: number): Promise<TroubledPage> {
    let [shard, after]: Place = cursor === undefined ? [0, ''] : readCursor(cursor, isPlace);
    const endpoints: TroubledPage['endpoints'] = [];
    for (; shard < TROUBLE_SHARDS; [shard, after] = [shard + 1, '']) {
      const { items, lastKey } = await this.#config.queryPage({
        index: TROUBLE_INDEX,
        keys: {
          text: '#trouble_pk = :pk AND #trouble_sk > :after',
          // No key is empty, in an expression either.
          values: { ':pk': troublePk(shard), ':after': after === '' ? ' ' : after },
        },
        pageSize: limit - endpoints.length,
      });
      const keys = items.map((item) => item.trouble_sk as string);
      endpoints.push(...keys.map(parseTroubleSortKey));
      const last = keys.at(-1);
      if (lastKey && last !== undefined) return { endpoints, next: writeCursor([shard, last] satisfies Place) };
      if (endpoints.length >= limit) break;
    }
    return shard + 1 < TROUBLE_SHARDS
      ? { endpoints, next: writeCursor([shard + 1, ''] satisfies Place) }
      : { endpoints };
  }
}

function isPlace(value: unknown): value is Place {
  if (!Array.isArray(value) || value.length !== 2) return false;
  const [shard, after] = value as unknown[];
  return Number.isInteger(shard) && Number(shard) >= 0 && Number(shard) < TROUBLE_SHARDS && typeof after === 'string';
}
