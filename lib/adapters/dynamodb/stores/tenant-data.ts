import type { NumberedKind } from '../../../ports/number-store.ts';
import type { RemovablePart, Removal, TenantData } from '../../../ports/tenant-data.ts';
import type { DocumentTable } from '../access/document-table.ts';
import type { Item } from '../access/item.ts';
import { endpointOf } from '../layout/endpoint-item.ts';
import {
  addedEndpointsPk,
  apiKeyKey,
  apiKeysPk,
  attemptPk,
  consumersPk,
  deliveryPk,
  endpointCountKey,
  endpointPagesPk,
  endpointsPk,
  eventBodyKey,
  eventPk,
  eventTypesPk,
  jobsPk,
  numberOfKey,
  numberSequenceKey,
  numbersPk,
  parseDeliveryKey,
  pollPk,
  quotasPk,
  slotKey,
  subscriptionKey,
  usagePk,
} from '../layout/keys.ts';
import { DELIVERY_SHARDS, ENDPOINT_SHARDS, EVENT_SHARDS, everyShard } from '../layout/shards.ts';

/** Items that are removed at the same time. */
const PARALLEL = 16;
const PAGE_SIZE = 100;
const NUMBERED: readonly NumberedKind[] = ['endpoint', 'delivery'];

type Remove = (tenantId: string, limit: number, keptJob: string) => Promise<Removal>;

/**
 * Goes through the partitions of a tenant. What leads to other items is removed after them, so that a crash in between
 * hides nothing. Claims are in partitions that only their keys name, and so is the data of an event that was never put:
 * they expire.
 */
export class DynamoTenantData implements TenantData {
  readonly #config: DocumentTable;
  readonly #log: DocumentTable;
  readonly #removes: Readonly<Record<RemovablePart, Remove>> = {
    apiKeys: (tenantId, limit) => this.#apiKeys(tenantId, limit),
    endpoints: (tenantId, limit) => this.#endpoints(tenantId, limit),
    events: (tenantId, limit) => this.#events(tenantId, limit),
    jobs: (tenantId, limit, keptJob) => this.#jobs(tenantId, limit, keptJob),
    eventTypes: (tenantId, limit) => this.#eventTypes(tenantId, limit),
    numbers: (tenantId, limit) => this.#numbers(tenantId, limit),
    counters: (tenantId, limit) => this.#counters(tenantId, limit),
  };

  constructor(config: DocumentTable, log: DocumentTable) {
    this.#config = config;
    this.#log = log;
  }

  removeSome(tenantId: string, part: RemovablePart, limit: number, keptJob: string): Promise<Removal> {
    return this.#removes[part](tenantId, limit, keptJob);
  }

  async #apiKeys(tenantId: string, limit: number): Promise<Removal> {
    const entries = await itemsOf(this.#config, apiKeysPk(tenantId), limit);
    await eachOf(entries, async (entry) => {
      await this.#config.delete(apiKeyKey(entry.hash as string));
      await this.#config.delete(entry);
    });
    return countOf('apiKeys', entries);
  }

  async #jobs(tenantId: string, limit: number, keptJob: string): Promise<Removal> {
    const some = await itemsOf(this.#log, jobsPk(tenantId), limit + 1);
    const jobs = some.filter(({ sk }) => sk !== keptJob).slice(0, limit);
    await eachOf(jobs, (job) => this.#log.delete(job));
    return countOf('jobs', jobs);
  }

  async #eventTypes(tenantId: string, limit: number): Promise<Removal> {
    const types = await itemsOf(this.#config, eventTypesPk(tenantId), limit);
    await eachOf(types, (type) => this.#config.delete(type));
    return countOf('eventTypes', types);
  }

  async #numbers(tenantId: string, limit: number): Promise<Removal> {
    for (const kind of NUMBERED) {
      const sequence = { tenantId, kind };
      const numbers = await itemsOf(this.#config, numbersPk(sequence), limit);
      await eachOf(numbers, async (number) => {
        await this.#config.delete(numberOfKey(sequence, number.id as string));
        await this.#config.delete(number);
      });
      if (numbers.length > 0) return countOf('numbers', numbers);
      await this.#config.delete(numberSequenceKey(sequence));
    }
    return NOTHING;
  }

  /** How many there are stands beside the endpoints. */
  async #counters(tenantId: string, limit: number): Promise<Removal> {
    await this.#config.delete(endpointCountKey(tenantId));
    const [windows, days] = await Promise.all([quotasPk, usagePk].map((pk) => itemsOf(this.#log, pk(tenantId), limit)));
    const counters = [...(windows ?? []), ...(days ?? [])].slice(0, limit);
    await eachOf(counters, (counter) => this.#log.delete(counter));
    return countOf('counters', counters);
  }

  async #events(tenantId: string, limit: number): Promise<Removal> {
    for (const shard of everyShard(EVENT_SHARDS)) {
      const events = await itemsOf(this.#log, eventPk(tenantId, shard), limit);
      if (events.length === 0) continue;
      await eachOf(events, (event) => this.#removeEvent(tenantId, event));
      return countOf('events', events);
    }
    return NOTHING;
  }

  async #removeEvent(tenantId: string, event: Item): Promise<void> {
    // A write unit, also where there is nothing. A payload's deletion that died may have left some.
    if (event.data === undefined) await this.#log.delete(eventBodyKey(tenantId, event.sk));
    await this.#emptyPartition(endpointPagesPk(tenantId, event.sk));
    await this.#emptyPartition(addedEndpointsPk(tenantId, event.sk));
    await this.#log.delete(event);
  }

  async #endpoints(tenantId: string, limit: number): Promise<Removal> {
    const removed = { endpoints: 0, deliveries: 0 };
    for (const shard of everyShard(ENDPOINT_SHARDS)) {
      for (const item of await itemsOf(this.#config, endpointsPk(tenantId, shard), limit)) {
        const left = limit - removed.deliveries - removed.endpoints;
        if (left <= 0) return { removed, done: false };
        if (!(await this.#removeEntries(tenantId, item.sk, left))) return { removed, done: false };
        const deliveries = await this.#removeDeliveries(tenantId, item.sk, left);
        removed.deliveries += deliveries;
        if (deliveries === left) return { removed, done: false };
        await this.#removeEndpoint(tenantId, item);
        removed.endpoints += 1;
      }
    }
    return { removed, done: removed.endpoints === 0 };
  }

  async #removeEndpoint(tenantId: string, item: Item): Promise<void> {
    const { shard = 0 } = endpointOf(item) ?? {};
    await this.#config.delete(subscriptionKey({ tenantId, shard, id: item.sk }));
    await this.#config.delete(slotKey(tenantId, item.sk));
    await this.#emptyPartition(consumersPk(tenantId, item.sk));
    await this.#config.delete(item);
  }

  /** What its consumers read. @returns whether none is left */
  async #removeEntries(tenantId: string, endpointId: string, limit: number): Promise<boolean> {
    const entries = await itemsOf(this.#log, pollPk(tenantId, endpointId), limit);
    await eachOf(entries, (entry) => this.#log.delete(entry));
    return entries.length < limit;
  }

  /** @returns how many; fewer than `limit`: none is left */
  async #removeDeliveries(tenantId: string, endpointId: string, limit: number): Promise<number> {
    let removed = 0;
    for (const shard of everyShard(DELIVERY_SHARDS)) {
      if (removed >= limit) break;
      const records = await itemsOf(this.#log, deliveryPk(tenantId, endpointId, shard), limit - removed);
      await eachOf(records, async (record) => {
        const key = parseDeliveryKey(record);
        if (key) await this.#emptyPartition(attemptPk(key));
        await this.#log.delete(record);
      });
      removed += records.length;
    }
    return removed;
  }

  async #emptyPartition(pk: string): Promise<void> {
    const keys = { text: '#pk = :pk', values: { ':pk': pk } };
    for await (const item of this.#log.query({ keys, pageSize: PAGE_SIZE, consistent: true })) {
      await this.#log.delete(item);
    }
  }
}

async function itemsOf(table: DocumentTable, pk: string, limit: number): Promise<Item[]> {
  const keys = { text: '#pk = :pk', values: { ':pk': pk } };
  return (await table.queryPage({ keys, pageSize: limit, consistent: true })).items;
}

async function eachOf(items: readonly Item[], work: (item: Item) => Promise<void>): Promise<void> {
  for (let start = 0; start < items.length; start += PARALLEL) {
    await Promise.all(items.slice(start, start + PARALLEL).map(work));
  }
}

const NOTHING: Removal = { removed: {}, done: true };

/** A page may end before its limit, so that only an empty one is the last. */
function countOf(part: RemovablePart, items: readonly Item[]): Removal {
  return items.length === 0 ? NOTHING : { removed: { [part]: items.length }, done: false };
}
