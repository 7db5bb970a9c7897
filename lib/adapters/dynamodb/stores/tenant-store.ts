import type { Erasure, Registration, Tenant, TenantPage, TenantStore } from '../../../ports/tenant-store.ts';
import type { DocumentTable, Expression } from '../access/document-table.ts';
import type { Item } from '../access/item.ts';
import { mergeSorted, pageSizeOf, takeFirst } from '../access/sorted-merge.ts';
import { metaKey, tenantKey, tenantsPk } from '../layout/keys.ts';
import type { Lifetime } from '../layout/lifetime.ts';
import { fromRecordItem, toRecordItem } from '../layout/record-item.ts';
import { HOT_ITEM_COPIES, TENANT_SHARDS, everyShard } from '../layout/shards.ts';
import { TTL_ATTRIBUTE } from '../layout/tables.ts';

/**
 * The registry of tenants, in shards. That a tenant is in it, or was erased, is also noted in the small item that ingest
 * reads for each event anyway, so that nobody asks twice. Only tombstones expire.
 */
export class DynamoTenantStore implements TenantStore {
  readonly #config: DocumentTable;
  readonly #lifetime: Lifetime;

  constructor(config: DocumentTable, lifetime: Lifetime) {
    this.#config = config;
    this.#lifetime = lifetime;
  }

  /** The note follows the entry: where it is missing, the next event writes both again. */
  async registerUnlessThere(tenant: Tenant): Promise<Registration> {
    const { isExpired } = this.#lifetime;
    const isNew = await this.#config.putIf(toRecordItem(tenantKey(tenant.id), tenant), {
      text: `attribute_not_exists(#pk) OR ${isExpired}`,
      values: this.#lifetime.values(),
    });
    const present = isNew ? tenant : await this.get(tenant.id);
    if (present?.erasure) return 'erased';
    await this.#noteRegistered(present ?? tenant);
    return isNew ? 'new' : 'there';
  }

  /** Not in the place of a tombstone: the tenant may have been erased since it was looked at. */
  async #noteRegistered({ id, registeredAt }: Tenant): Promise<void> {
    const note = {
      text: `SET #registered = :yes, #registeredAt = :at REMOVE #erased, #${TTL_ATTRIBUTE}`,
      values: { ':yes': true, ':at': registeredAt },
    };
    const unlessErased = {
      text: `attribute_not_exists(#erased) OR ${this.#lifetime.isExpired}`,
      values: this.#lifetime.values(),
    };
    await Promise.all(
      everyShard(HOT_ITEM_COPIES).map((copy) => this.#config.updateIf(metaKey(id, copy), note, unlessErased)),
    );
  }

  async erase(id: string, erasure: Erasure): Promise<Tenant | undefined> {
    const expiry = this.#lifetime.expiry(erasure.at);
    const change: Expression = {
      text: `SET #erasure = if_not_exists(#erasure, :erasure),
        #${TTL_ATTRIBUTE} = if_not_exists(#${TTL_ATTRIBUTE}, :expires) REMOVE #name`,
      values: { ':erasure': { ...erasure }, ':expires': expiry[TTL_ATTRIBUTE] },
    };
    const item = await this.#config.updateIf(tenantKey(id), change, {
      text: `attribute_exists(#pk) AND ${this.#lifetime.isUnexpired}`,
      values: this.#lifetime.values(),
    });
    if (!item) return undefined;
    const tombstone = { erased: true, [TTL_ATTRIBUTE]: item[TTL_ATTRIBUTE] };
    await Promise.all(
      everyShard(HOT_ITEM_COPIES).map((copy) => this.#config.put({ ...metaKey(id, copy), ...tombstone })),
    );
    return fromRecordItem<Tenant>(item);
  }

  async get(id: string): Promise<Tenant | undefined> {
    return fromRecordItem<Tenant>(this.#lifetime.unexpired(await this.#config.get(tenantKey(id))));
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
    const found = await takeFirst(mergeSorted(lists, byBytes), limit + 1, (item) =>
      fromRecordItem<Tenant>(this.#lifetime.unexpired(item)),
    );
    const tenants = found.slice(0, limit);
    const last = tenants.at(-1);
    return found.length > limit && last ? { tenants, next: last.id } : { tenants };
  }

  async rename(id: string, name: string | undefined): Promise<void> {
    const change =
      name === undefined ? { text: 'REMOVE #name' } : { text: 'SET #name = :name', values: { ':name': name } };
    await this.#config.updateIf(tenantKey(id), change, {
      text: 'attribute_exists(#pk) AND attribute_not_exists(#erasure)',
    });
  }
}

/** As DynamoDB sorts texts. */
function byBytes(a: Item, b: Item): number {
  return Buffer.compare(Buffer.from(a.sk), Buffer.from(b.sk));
}
