import type { Endpoint } from '../../../domain/endpoint.ts';
import type { EndpointPage, EndpointStore } from '../../../ports/endpoint-store.ts';
import type { DocumentTable, Expression, QuerySpec } from '../access/document-table.ts';
import { endpointOf } from '../layout/endpoint-item.ts';
import type { Item } from '../access/item.ts';
import { mergeSorted, pageSizeOf, takeFirst } from '../access/sorted-merge.ts';
import { endpointKey, endpointsPk } from '../layout/keys.ts';
import { ENDPOINT_SHARDS, everyShard } from '../layout/shards.ts';

/** A page of a query ends at 1 MB anyway (Amazon DynamoDB: Query). */
const COUNT_PAGE_SIZE = 1000;

export class DynamoEndpointStore implements EndpointStore {
  readonly #config: DocumentTable;

  constructor(config: DocumentTable) {
    this.#config = config;
  }

  async get(tenantId: string, endpointId: string): Promise<Endpoint | undefined> {
    return endpointOf(await this.#config.get(endpointKey(tenantId, endpointId)));
  }

  async page(tenantId: string, after: string | undefined, limit: number): Promise<EndpointPage> {
    const shards = queriesOf(
      this.#config,
      tenantId,
      { pageSize: pageSizeOf(limit + 1, ENDPOINT_SHARDS), consistent: true },
      after,
    );
    const endpoints = await takeFirst(mergeSorted(shards, byId), limit + 1, endpointOf);
    const page = endpoints.slice(0, limit);
    const last = page.at(-1);
    return endpoints.length > limit && last ? { endpoints: page, next: last.id } : { endpoints: page };
  }

  /** Reads them all, which is rare (at a creation); a separate counter could drift. */
  async count(tenantId: string): Promise<number> {
    let live = 0;
    for (const shard of queriesOf(this.#config, tenantId, { pageSize: COUNT_PAGE_SIZE })) {
      for await (const item of shard) if (isLive(endpointOf(item))) live += 1;
    }
    return live;
  }

  createUnlessExists(endpoint: Endpoint): Promise<boolean> {
    return this.#setIf(endpoint, { text: 'attribute_not_exists(#endpoint)' });
  }

  replaceIfGeneration(endpoint: Endpoint, generation: number): Promise<boolean> {
    return this.#setIf(endpoint, {
      text: '#endpoint.#generation = :generation',
      values: { ':generation': generation },
    });
  }

  #setIf(endpoint: Endpoint, condition: Expression): Promise<boolean> {
    return this.#config.setIf(endpointKey(endpoint.tenantId, endpoint.id), 'endpoint', endpoint, condition);
  }
}

/** One query a shard, by id ascending. */
function queriesOf(
  config: DocumentTable,
  tenantId: string,
  spec: Pick<QuerySpec, 'pageSize' | 'consistent'>,
  after?: string,
) {
  return everyShard(ENDPOINT_SHARDS).map((shard) => {
    const inShard = { text: '#pk = :pk', values: { ':pk': endpointsPk(tenantId, shard) } };
    const beyond = { text: '#pk = :pk AND #sk > :after', values: { ...inShard.values, ':after': after } };
    return config.query({ ...spec, keys: after === undefined ? inShard : beyond });
  });
}

function byId(a: Item, b: Item): number {
  return a.sk < b.sk ? -1 : 1;
}

function isLive(endpoint: Endpoint | undefined): boolean {
  return endpoint !== undefined && endpoint.status !== 'revoked';
}
