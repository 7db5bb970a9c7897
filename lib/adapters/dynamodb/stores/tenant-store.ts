import type { Tenant, TenantPage, TenantStore } from '../../../ports/tenant-store.ts';
import type { DocumentTable } from '../access/document-table.ts';
import type { Item } from '../access/item.ts';
import { mergeSorted, pageSizeOf, takeFirst } from '../access/sorted-merge.ts';
import { metaKey, tenantKey, tenantsPk } from '../layout/keys.ts';
import { fromRecordItem, toRecordItem } from '../layout/record-item.ts';
import { HOT_ITEM_COPIES, TENANT_SHARDS, everyShard } from '../layout/shards.ts';

/**
 * The registry of tenants, in shards. That a tenant is in it is also noted in the small item that ingest reads for each event
 * anyway, so that nobody asks twice.
 */
export class DynamoTenantStore implements TenantStore {
  readonly #config: DocumentTable;

  constructor(config: DocumentTable) {
    this.#config = config;
  }

  /** The note follows the entry: where it is missing, the next event writes both again. */
  async registerUnlessThere(tenant: Tenant): Promise<boolean> {
    const { id } = tenant;
    const isNew = await this.#config.putIf(toRecordItem(tenantKey(id), tenant), {
      text: 'attribute_not_exists(#pk)',
    });
    const note = { text: 'SET #registered = :yes', values: { ':yes': true } };
    await Promise.all(everyShard(HOT_ITEM_COPIES).map((copy) => this.#config.updateIf(metaKey(id, copy), note)));
    return isNew;
  }

  async get(id: string): Promise<Tenant | undefined> {
    return fromRecordItem<Tenant>(await this.#config.get(tenantKey(id)));
  }

  async page(after: string | undefined, limit: number): Promise<TenantPage> {
    const lists = everyShard(TENANT_SHARDS).map((shard) =>
      this.#config.query({
        keys:
          after === undefined
            ? { text: '#pk = :pk', values: { ':pk': tenantsPk(shard) } }
            : { text: '#pk = :pk AND #sk > :after', values: { ':pk': tenantsPk(shard), ':after': after } },
        pageSize: pageSizeOf(limit + 1, TENANT_SHARDS),
        consistent: true,
      }),
    );
    const found = await takeFirst(mergeSorted(lists, byBytes), limit + 1, (item) => fromRecordItem<Tenant>(item));
    const tenants = found.slice(0, limit);
    const last = tenants.at(-1);
    return found.length > limit && last ? { tenants, next: last.id } : { tenants };
  }

  async rename(id: string, name: string | undefined): Promise<void> {
    const change =
      name === undefined ? { text: 'REMOVE #name' } : { text: 'SET #name = :name', values: { ':name': name } };
    await this.#config.updateIf(tenantKey(id), change, { text: 'attribute_exists(#pk)' });
  }
}

/** As DynamoDB sorts texts. */
function byBytes(a: Item, b: Item): number {
  return Buffer.compare(Buffer.from(a.sk), Buffer.from(b.sk));
}
