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
  sessionHashKey,
  sessionsPk,
  slotKey,
  subscriptionKey,
  usagePk,
} from '../layout/keys.ts';
import { DELIVERY_SHARDS, ENDPOINT_SHARDS, EVENT_SHARDS, everyShard } from '../layout/shards.ts';

/** Requests at the same time. */
const PARALLEL = 16;
/** The most items of one BatchWriteItem (API reference: BatchWriteItem). */
const BATCH = 25;
const PAGE_SIZE = 100;
/** Of a shard, in one look: most looks end among the deliveries of the first. */
const ENDPOINTS = 25;
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
    return entries.length === 0 ? this.#sessions(tenantId, limit) : countOf('apiKeys', entries);
  }

  /** They end with the keys, and are not counted. */
  async #sessions(tenantId: string, limit: number): Promise<Removal> {
    const sessions = await itemsOf(this.#config, sessionsPk(tenantId), limit);
    await eachOf(sessions, async (session) => {
      for (const hash of [session.codeHash, session.tokenHash]) {
        if (hash !== undefined) await this.#config.delete(sessionHashKey(hash as string));
      }
      await this.#config.delete(session);
    });
    return { removed: {}, done: sessions.length === 0 };
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
    const events = await this.#ofShards(EVENT_SHARDS, (shard) => eventPk(tenantId, shard), limit);
    await eachOf(events, (event) => this.#removeWhatHangsOn(tenantId, event));
    await this.#deleteAll(events);
    return countOf('events', events);
  }

  async #removeWhatHangsOn(tenantId: string, event: Item): Promise<void> {
    // A write unit, also where there is nothing. A payload's deletion that died may have left some.
    if (event.data === undefined) await this.#log.delete(eventBodyKey(tenantId, event.sk));
    await this.#emptyPartition(endpointPagesPk(tenantId, event.sk));
    await this.#emptyPartition(addedEndpointsPk(tenantId, event.sk));
  }

  async #endpoints(tenantId: string, limit: number): Promise<Removal> {
    const removed = { endpoints: 0, deliveries: 0 };
    for (const shard of everyShard(ENDPOINT_SHARDS)) {
      for (const item of await itemsOf(this.#config, endpointsPk(tenantId, shard), ENDPOINTS)) {
        if (!(await this.#hasNoEntries(tenantId, item.sk, limit))) return { removed, done: false };
        for (let found = true; found;) {
          const left = limit - removed.deliveries - removed.endpoints;
          if (left <= 0) return { removed, done: false };
          const deliveries = await this.#removeDeliveries(tenantId, item.sk, left);
          removed.deliveries += deliveries;
          found = deliveries > 0;
        }
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

  /** Removes some of what its consumers read. @returns false: there may be more */
  async #hasNoEntries(tenantId: string, endpointId: string, limit: number): Promise<boolean> {
    const entries = await itemsOf(this.#log, pollPk(tenantId, endpointId), limit);
    await eachOf(entries, (entry) => this.#log.delete(entry));
    return entries.length === 0;
  }

  /** @returns how many; 0: none is left */
  async #removeDeliveries(tenantId: string, endpointId: string, limit: number): Promise<number> {
    const records = await this.#ofShards(DELIVERY_SHARDS, (shard) => deliveryPk(tenantId, endpointId, shard), limit);
    await eachOf(records.filter(mayHaveAnswers), async (record) => {
      const key = parseDeliveryKey(record);
      if (key) await this.#emptyPartition(attemptPk(key));
    });
    await this.#deleteAll(records);
    return records.length;
  }

  /** As many of each shard, since each is a partition that takes 1,000 writes a second. Empty: none is left. */
  async #ofShards(shards: number, pkOf: (shard: number) => string, limit: number): Promise<Item[]> {
    const share = Math.max(1, Math.floor(limit / shards));
    const pages = await Promise.all(everyShard(shards).map((shard) => itemsOf(this.#log, pkOf(shard), share)));
    return pages.flat().slice(0, limit);
  }

  async #deleteAll(items: readonly Item[]): Promise<void> {
    const batches = Array.from({ length: Math.ceil(items.length / BATCH) }, (_, index) =>
      items.slice(index * BATCH, (index + 1) * BATCH),
    );
    await eachOf(batches, (batch) => this.#log.deleteMany(batch));
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

async function eachOf<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  for (let start = 0; start < items.length; start += PARALLEL) {
    await Promise.all(items.slice(start, start + PARALLEL).map(work));
  }
}

/** Answers are kept of failed attempts alone. */
function mayHaveAnswers(record: Item): boolean {
  const attempts = record.attempts as { code?: number; kind?: string }[] | undefined;
  return attempts?.every(({ code = 0, kind }) => kind === undefined && code >= 200 && code < 300) !== true;
}

const NOTHING: Removal = { removed: {}, done: true };

/** A page may end before its limit, so that only an empty one is the last. */
function countOf(part: RemovablePart, items: readonly Item[]): Removal {
  return items.length === 0 ? NOTHING : { removed: { [part]: items.length }, done: false };
}
