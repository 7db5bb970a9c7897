import { type Event, type PayloadDeletion, carriedBytes } from '../../../domain/event.ts';
import { firstUlidAt, timeOf, ulidOf } from '../../../domain/ids.ts';
import type { EndpointPagePlace, EventLog, EventRange } from '../../../ports/event-log.ts';
import type { BatchReader } from '../access/batch-reader.ts';
import type { DocumentTable } from '../access/document-table.ts';
import type { Item } from '../access/item.ts';
import { bodyKeyOf, fromEventItems, hasSeparateBody, toEventItems } from '../layout/event-item.ts';
import { addedEndpointsPk, endpointPageKey, eventBodyKey, eventKey, eventPk } from '../layout/keys.ts';
import type { Lifetime } from '../layout/lifetime.ts';
import { EVENT_SHARDS, everyShard } from '../layout/shards.ts';
import { mergeSorted, pageSizeOf, takeFirst } from '../access/sorted-merge.ts';

/** A page of a query ends at 1 MB anyway (Amazon DynamoDB: Query). */
const ADDED_PAGE_SIZE = 1000;
/** Of a page that ends by bytes: a little more than it has room for when each event is as large as one may be. */
const EVENTS_AT_ONCE = 20;
/** After every ULID. */
const END = '~';

export class DynamoEventLog implements EventLog {
  readonly #log: DocumentTable;
  readonly #batches: BatchReader;
  readonly #lifetime: Lifetime;

  constructor(log: DocumentTable, batches: BatchReader, lifetime: Lifetime) {
    this.#log = log;
    this.#batches = batches;
    this.#lifetime = lifetime;
  }

  /** Data with an item of its own is written first, so that an event that is found has its data. */
  async putUnlessExists(event: Event): Promise<boolean> {
    const { item, body } = toEventItems(event, this.#lifetime);
    const unlessExists = { text: 'attribute_not_exists(#pk)' };
    const bodyWritten = body && (await this.#log.putIf(body, unlessExists));
    if (await this.#log.putIf(item, unlessExists)) return true;
    // Perhaps the event was there, and its payload was deleted before we wrote it again: an empty item takes its place.
    const isDeleted = bodyWritten && (await this.get(event.tenantId, event.id))?.payloadDeleted;
    if (isDeleted) await this.#log.put({ pk: body.pk, sk: body.sk, ...this.#lifetime.expiry(event.acceptedAt) });
    return false;
  }

  async get(tenantId: string, eventId: string): Promise<Event | undefined> {
    const item = await this.#log.get(eventKey(tenantId, eventId));
    const [event] = await this.eventsOf([item]);
    return event;
  }

  /** The event is changed first: what finds it sees that it has no data. */
  async deletePayload(tenantId: string, eventId: string, deletion: PayloadDeletion): Promise<Event | undefined> {
    const change = {
      text: 'SET #payload_deleted = :deletion REMOVE #data, #trace',
      values: { ':deletion': { ...deletion } },
    };
    await this.#log.updateIf(eventKey(tenantId, eventId), change, {
      text: `attribute_exists(#pk) AND attribute_not_exists(#payload_deleted) AND ${this.#lifetime.isUnexpired}`,
      values: this.#lifetime.values(),
    });
    const event = await this.get(tenantId, eventId);
    if (event) await this.#log.delete(eventBodyKey(tenantId, eventId));
    return event;
  }

  async page(tenantId: string, range: EventRange): Promise<Event[]> {
    const from = firstUlidAt(Math.max(range.since ?? 0, this.#lifetime.horizon()));
    const until = range.until === undefined ? END : firstUlidAt(range.until);
    const before = range.before === undefined ? END : ulidOf(range.before);
    const end = before < until ? before : until;
    if (from >= end) return [];
    const shards = everyShard(EVENT_SHARDS).map((shard) =>
      this.#log.query({
        keys: {
          text: '#pk = :pk AND #sk BETWEEN :from AND :end',
          values: { ':pk': eventPk(tenantId, shard), ':from': from, ':end': end },
        },
        order: 'descending',
        pageSize: pageSizeOf(range.limit, EVENT_SHARDS),
        consistent: true,
      }),
    );
    const newestFirst = mergeSorted(shards, (a, b) => (a.sk < b.sk ? 1 : -1));
    // BETWEEN includes its end, the range does not.
    const items = await takeFirst(newestFirst, range.limit, (item) =>
      item.sk < end ? this.#lifetime.unexpired(item) : undefined,
    );
    if (range.maxBytes === undefined) return (await this.eventsOf(items)).filter((event) => event !== undefined);
    return this.#eventsUntil(items, range.maxBytes);
  }

  /** Reads large data a few items at a time, and none after the event that reaches the bytes. */
  async #eventsUntil(items: readonly Item[], maxBytes: number): Promise<Event[]> {
    const taken: Event[] = [];
    let bytes = 0;
    for (let start = 0; start < items.length; start += EVENTS_AT_ONCE) {
      for (const event of await this.eventsOf(items.slice(start, start + EVENTS_AT_ONCE))) {
        if (!event) continue;
        taken.push(event);
        bytes += carriedBytes(event);
        if (bytes >= maxBytes) return taken;
      }
    }
    return taken;
  }

  async putEndpointPage(place: EndpointPagePlace, endpointIds: readonly string[]): Promise<void> {
    await this.#log.put({
      ...endpointPageKey(place),
      endpoints: endpointIds,
      ...this.#lifetime.expiry(timeOf(place.eventId)),
    });
  }

  async endpointPage(place: EndpointPagePlace): Promise<string[] | undefined> {
    const item = this.#lifetime.unexpired(await this.#log.get(endpointPageKey(place)));
    return item && (item.endpoints as string[]);
  }

  async addEndpointUnlessThere(tenantId: string, eventId: string, endpointId: string): Promise<boolean> {
    const expiry = this.#lifetime.expiry(timeOf(eventId));
    const item = { pk: addedEndpointsPk(tenantId, eventId), sk: endpointId, ...expiry };
    return this.#log.putIf(item, { text: 'attribute_not_exists(#pk)' });
  }

  async addedEndpoints(tenantId: string, eventId: string): Promise<string[]> {
    const keys = { text: '#pk = :pk', values: { ':pk': addedEndpointsPk(tenantId, eventId) } };
    const ids: string[] = [];
    for await (const item of this.#log.query({ keys, pageSize: ADDED_PAGE_SIZE, consistent: true })) {
      if (this.#lifetime.unexpired(item)) ids.push(item.sk);
    }
    return ids;
  }

  /**
   * The events of items; undefined for an expired one. Data in items of its own is read in one more batch. That batch is
   * consistent, however the items were read: data is written first, so that an event that is found has its data.
   */
  async eventsOf(items: readonly (Item | undefined)[]): Promise<(Event | undefined)[]> {
    const found = items.map((item) => this.#lifetime.unexpired(item));
    const separate = found.filter((item) => item !== undefined).filter(hasSeparateBody);
    if (separate.length === 0) return found.map((item) => fromEventItems(item, undefined));
    const keys = separate.map((item) => ({ table: this.#log.name, ...bodyKeyOf(item) }));
    const bodies = await this.#batches.read(keys, { consistentIn: [this.#log.name] });
    const bodyOf = new Map(separate.map((item, index) => [item, bodies[index]]));
    const events = found.map((item) => fromEventItems(item, item && bodyOf.get(item)));
    return Promise.all(events.map((event, index) => event ?? this.#withoutBody(found[index])));
  }

  /** An event whose data is not there: its payload was deleted since its item was read. */
  async #withoutBody(item: Item | undefined): Promise<Event | undefined> {
    if (!item) return undefined;
    const { pk, sk } = item;
    return fromEventItems(this.#lifetime.unexpired(await this.#log.get({ pk, sk })), undefined);
  }
}
