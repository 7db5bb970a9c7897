import type { Endpoint } from '../../../domain/endpoint.ts';
import type { EndpointPage, EndpointStore } from '../../../ports/endpoint-store.ts';
import type { DocumentTable, Expression } from '../access/document-table.ts';
import { endpointOf } from '../layout/endpoint-item.ts';
import { ENDPOINT_PREFIX, endpointKey, tenantPk } from '../layout/keys.ts';

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
    const { items, lastKey } = await this.#config.queryPage({
      keys: ofTenant(tenantId),
      pageSize: limit,
      consistent: true,
      ...(after !== undefined && { startAfter: endpointKey(tenantId, after) }),
    });
    const endpoints = items.flatMap((item) => endpointOf(item) ?? []);
    const last = items.at(-1);
    return lastKey && last ? { endpoints, next: last.sk.slice(ENDPOINT_PREFIX.length) } : { endpoints };
  }

  /** Reads them all, which is rare (at a creation); a separate counter could drift. */
  async count(tenantId: string): Promise<number> {
    let live = 0;
    for await (const item of this.#config.query({ keys: ofTenant(tenantId), pageSize: COUNT_PAGE_SIZE })) {
      const endpoint = endpointOf(item);
      if (endpoint && endpoint.status !== 'revoked') live += 1;
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

function ofTenant(tenantId: string): Expression {
  const values = { ':pk': tenantPk(tenantId), ':prefix': ENDPOINT_PREFIX };
  return { text: '#pk = :pk AND begins_with(#sk, :prefix)', values };
}
