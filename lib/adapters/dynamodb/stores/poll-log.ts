import type { PollConsumer } from '../../../domain/poll-consumer.ts';
import { type PollEntry, entryKey, keyAt } from '../../../domain/poll-entry.ts';
import type { PollPosition } from '../../../domain/poll-position.ts';
import type { PollLog, PollPlace } from '../../../ports/poll-log.ts';
import type { DocumentTable } from '../access/document-table.ts';
import type { Item } from '../access/item.ts';
import { consumerKey, consumersPk, pollPk, settledKey } from '../layout/keys.ts';
import type { Lifetime } from '../layout/lifetime.ts';
import { fromRecordItem, toRecordItem } from '../layout/record-item.ts';

/** Entries that are written at the same time. */
const PARALLEL = 16;
const PAGE_SIZE = 100;

/** An endpoint's entries are a partition of the log, and its consumers another. */
export class DynamoPollLog implements PollLog {
  readonly #log: DocumentTable;
  readonly #lifetime: Lifetime;

  constructor(log: DocumentTable, lifetime: Lifetime) {
    this.#log = log;
    this.#lifetime = lifetime;
  }

  async add(entries: readonly PollEntry[]): Promise<void> {
    for (let start = 0; start < entries.length; start += PARALLEL) {
      await Promise.all(entries.slice(start, start + PARALLEL).map((entry) => this.#log.put(this.#itemOf(entry))));
    }
  }

  #itemOf(entry: PollEntry): Item {
    const { tenantId, endpointId, ...rest } = entry;
    const key = { pk: pollPk(tenantId, endpointId), sk: entryKey(entry) };
    return toRecordItem(key, rest, this.#lifetime.expiry(entry.writtenAt));
  }

  async entriesAfter(place: PollPlace, key: string, limit: number): Promise<PollEntry[]> {
    const unexpired = keyAt(this.#lifetime.horizon() + 1);
    const keys = {
      text: '#pk = :pk AND #sk > :after',
      values: { ':pk': pollPk(place.tenantId, place.endpointId), ':after': key > unexpired ? key : unexpired },
    };
    const entries: PollEntry[] = [];
    for await (const item of this.#log.query({ keys, order: 'ascending', pageSize: limit })) {
      entries.push({ ...place, ...(fromRecordItem<Omit<PollEntry, keyof PollPlace>>(item) as PollEntry) });
      if (entries.length === limit) break;
    }
    return entries;
  }

  async consumers({ tenantId, endpointId }: PollPlace): Promise<PollConsumer[]> {
    const keys = {
      text: '#pk = :pk AND begins_with(#sk, :names)',
      values: { ':pk': consumersPk(tenantId, endpointId), ':names': 'NAME#' },
    };
    const query = this.#log.query({ keys, order: 'ascending', pageSize: PAGE_SIZE, consistent: true });
    const items = await Array.fromAsync(query);
    return items.flatMap((item) => this.#consumerOf(item) ?? []);
  }

  async consumer({ tenantId, endpointId }: PollPlace, name: string): Promise<PollConsumer | undefined> {
    return this.#consumerOf(await this.#log.get(consumerKey(tenantId, endpointId, name)));
  }

  #consumerOf(item: Item | undefined): PollConsumer | undefined {
    return fromRecordItem<PollConsumer>(this.#lifetime.unexpired(item));
  }

  async putConsumer(consumer: PollConsumer): Promise<void> {
    const { tenantId, endpointId, name, committedAt } = consumer;
    const key = consumerKey(tenantId, endpointId, name);
    await this.#log.put(toRecordItem(key, consumer, this.#lifetime.expiry(committedAt)));
  }

  async removeConsumer(place: PollPlace, name: string): Promise<boolean> {
    if (!(await this.consumer(place, name))) return false;
    await this.#log.delete(consumerKey(place.tenantId, place.endpointId, name));
    return true;
  }

  async settled({ tenantId, endpointId }: PollPlace): Promise<PollPosition | undefined> {
    const item = await this.#log.get(settledKey(tenantId, endpointId));
    return this.#lifetime.unexpired(item)?.position as PollPosition | undefined;
  }

  /** Once it has expired, so have the entries that it names. */
  async putSettled({ tenantId, endpointId }: PollPlace, position: PollPosition): Promise<void> {
    const expiry = this.#lifetime.expiry(this.#lifetime.now());
    await this.#log.put(toRecordItem(settledKey(tenantId, endpointId), { position }, expiry));
  }
}
