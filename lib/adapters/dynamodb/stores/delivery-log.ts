import { type Delivery, revised } from '../../../domain/delivery.ts';
import { NextDelivery } from '../../../domain/delivery-changes/next-delivery.ts';
import type { DeliveryKey } from '../../../domain/ids.ts';
import type {
  DeliveryLog,
  DeliveryPage,
  DeliveryPosition,
  ResponseBody,
  StatusQuery,
} from '../../../ports/delivery-log.ts';
import type { BatchReader, ReadOptions } from '../access/batch-reader.ts';
import { fromDeliveryItem, toDeliveryItem } from '../layout/delivery-item.ts';
import { pageOfEndpoint, pageOfStatus } from './delivery-pages.ts';
import type { DocumentTable, Expression } from '../access/document-table.ts';
import type { Item } from '../access/item.ts';
import { attemptKey, attemptPk, deliveryKey, deliveryPk, ordinalsPrefix } from '../layout/keys.ts';
import type { Lifetime } from '../layout/lifetime.ts';
import { DELIVERY_SHARDS, shardOf } from '../layout/shards.ts';
import type { StoredSchema } from '../layout/stored-schema.ts';

const PAGE_SIZE = 100;
/** Endpoints of one event that are read in parallel. */
const PARALLEL = 16;

/** A record expires some time after its creation, but not while it is unfinished, because sweep still needs it. */
export class DynamoDeliveryLog implements DeliveryLog {
  readonly #log: DocumentTable;
  readonly #batches: BatchReader;
  readonly #lifetime: Lifetime;
  readonly #schema: StoredSchema;

  constructor(log: DocumentTable, batches: BatchReader, lifetime: Lifetime, schema: StoredSchema) {
    this.#log = log;
    this.#batches = batches;
    this.#lifetime = lifetime;
    this.#schema = schema;
  }

  async get(key: DeliveryKey): Promise<Delivery | undefined> {
    return this.recordOf(await this.#log.get(deliveryKey(key)));
  }

  getMany(keys: readonly DeliveryKey[]): Promise<(Delivery | undefined)[]> {
    return this.#readMany(keys, { consistentIn: [this.#log.name] });
  }

  async writeUnlessSuperseded(changed: NextDelivery, responseBody?: ResponseBody): Promise<Delivery | undefined> {
    const record = NextDelivery.recordIn(changed);
    if (responseBody) await this.#keepBody(record, responseBody);
    const next = revised(record);
    const item = toDeliveryItem(next, this.#lifetime, await this.#schema.dueShards());
    const written = await this.#log.putIf(item, this.#unlessSuperseded(record));
    return written ? next : undefined;
  }

  async responseBodies(key: DeliveryKey): Promise<ResponseBody[]> {
    const [record, items] = await Promise.all([this.get(key), this.#bodyItems(key)]);
    const kept = items.filter((item) => this.#lifetime.unexpired(item));
    return kept.flatMap((item) => {
      const attempt = Number(item.attempt);
      // A body that the record does not name was superseded between the two writes.
      const isOfRecord = record && timeOfAttempt(record, attempt) === item.at;
      return isOfRecord ? [{ attempt, bytes: item.bytes as Uint8Array }] : [];
    });
  }

  async removeResponseBodies(key: DeliveryKey): Promise<void> {
    for (const item of await this.#bodyItems(key)) await this.#log.delete(item);
  }

  async ofEvent(tenantId: string, eventId: string, endpointIds: readonly string[]): Promise<Delivery[]> {
    const found: Delivery[] = [];
    for (let start = 0; start < endpointIds.length; start += PARALLEL) {
      const some = endpointIds.slice(start, start + PARALLEL);
      const records = await Promise.all(some.map((endpointId) => this.#ofPair(tenantId, endpointId, eventId)));
      found.push(...records.flat());
    }
    return found;
  }

  pageOfEndpoint(
    tenantId: string,
    endpointId: string,
    before: DeliveryPosition | undefined,
    limit: number,
    since?: number,
  ): Promise<Delivery[]> {
    return pageOfEndpoint(this.#log, this.#lifetime, { tenantId, endpointId }, before, limit, since);
  }

  /** May be a short page, or an empty one, with another after it. */
  async pageByStatus(query: StatusQuery): Promise<DeliveryPage> {
    const { keys, next } = await pageOfStatus(this.#log, query);
    const records = await this.#readMany(keys, { consistentIn: [] });
    const deliveries = records.filter((record) => record !== undefined && record.status === query.status);
    return { deliveries: deliveries as Delivery[], ...(next !== undefined && { next }) };
  }

  /** The record of an item, if it has not expired. */
  recordOf(item: Item | undefined): Delivery | undefined {
    const kept = this.#lifetime.unexpired(item);
    return kept && fromDeliveryItem(kept);
  }

  async #readMany(keys: readonly DeliveryKey[], options: ReadOptions): Promise<(Delivery | undefined)[]> {
    const wanted = keys.map((key) => ({ table: this.#log.name, ...deliveryKey(key) }));
    return (await this.#batches.read(wanted, options)).map((item) => this.recordOf(item));
  }

  /** An expired record that is not deleted yet counts as none. */
  #unlessSuperseded({ revision }: Delivery): Expression {
    const { isExpired, isUnexpired } = this.#lifetime;
    if (revision === 0) return { text: `attribute_not_exists(#pk) OR ${isExpired}`, values: this.#lifetime.values() };
    return {
      text: `#revision = :revision AND ${isUnexpired}`,
      values: { ...this.#lifetime.values(), ':revision': revision },
    };
  }

  async #keepBody(record: Delivery, { attempt, bytes }: ResponseBody): Promise<void> {
    const at = timeOfAttempt(record, attempt);
    const key = attemptKey(record, attempt, at);
    await this.#log.put({ ...key, attempt, at, bytes, ...this.#lifetime.expiry(record.createdAt) });
  }

  async #bodyItems(key: DeliveryKey): Promise<Item[]> {
    const keys = { text: '#pk = :pk', values: { ':pk': attemptPk(key) } };
    return Array.fromAsync(this.#log.query({ keys, pageSize: PAGE_SIZE, consistent: true }));
  }

  async #ofPair(tenantId: string, endpointId: string, eventId: string): Promise<Delivery[]> {
    const keys = {
      text: '#pk = :pk AND begins_with(#sk, :event)',
      values: {
        ':pk': deliveryPk(tenantId, endpointId, shardOf(eventId, DELIVERY_SHARDS)),
        ':event': ordinalsPrefix(eventId),
      },
    };
    const items = await Array.fromAsync(this.#log.query({ keys, pageSize: PAGE_SIZE, consistent: true }));
    return items.flatMap((item) => this.recordOf(item) ?? []);
  }
}

/** 0 for an attempt that the record does not have. */
function timeOfAttempt(record: Delivery, attempt: number): number {
  return record.attempts.find(({ number }) => number === attempt)?.at ?? 0;
}
