import type { EventTypePolicy } from '../../../domain/event-type.ts';
import type { Subscriber } from '../../../domain/subscription.ts';
import type { SubscriptionPlace, SubscriptionStore, TenantState } from '../../../ports/subscription-store.ts';
import type { DocumentTable } from '../access/document-table.ts';
import type { Item } from '../access/item.ts';
import { metaKey, subscriptionKey, subscriptionsPk } from '../layout/keys.ts';
import type { Lifetime } from '../layout/lifetime.ts';
import { HOT_ITEM_COPIES, everyShard } from '../layout/shards.ts';
import { TenantSettings } from './tenant-settings.ts';

/** A page of a query ends at 1 MB anyway (Amazon DynamoDB: Query). */
const PAGE_SIZE = 1000;
const SHARD_PREFIX = 'shard_';

/**
 * A tenant's numbers and quota are one small item, in copies. A write changes all of them before it is answered; a process
 * reads always the same one, because the numbers of two copies differ after a crash between their writes.
 */
export class DynamoSubscriptionStore implements SubscriptionStore {
  readonly #config: DocumentTable;
  readonly #lifetime: Lifetime;
  readonly #copy: number;
  readonly #settings: TenantSettings;

  /** @param copy which one this process reads */
  constructor(config: DocumentTable, lifetime: Lifetime, copy: number) {
    this.#config = config;
    this.#lifetime = lifetime;
    this.#copy = copy;
    this.#settings = new TenantSettings(config, () => lifetime.now());
  }

  async tenant(tenantId: string): Promise<TenantState> {
    const item = await this.#config.get(metaKey(tenantId, this.#copy));
    // Only a tombstone expires.
    const meta = this.#lifetime.unexpired(item) ?? {};
    const numbers = Object.entries(meta).filter(([name]) => name.startsWith(SHARD_PREFIX));
    const shards = new Map(numbers.map(([name, value]) => [Number(name.slice(SHARD_PREFIX.length)), Number(value)]));
    const { eventsPerSecond, registered, registeredAt, eventTypePolicy, erased } = meta as Partial<Item>;
    return {
      shards,
      ...(registered === true && { isRegistered: true }),
      ...(typeof registeredAt === 'number' && { registeredAt }),
      ...(erased === true && { isErased: true }),
      ...(typeof eventsPerSecond === 'number' && { eventsPerSecond }),
      ...(eventTypePolicy !== undefined && { eventTypePolicy: eventTypePolicy as EventTypePolicy }),
    };
  }

  async setQuota(tenantId: string, eventsPerSecond: number | undefined): Promise<void> {
    const change =
      eventsPerSecond === undefined
        ? { text: 'REMOVE #eventsPerSecond' }
        : { text: 'SET #eventsPerSecond = :quota', values: { ':quota': eventsPerSecond } };
    await this.#settings.change(tenantId, change);
  }

  async setEventTypePolicy(tenantId: string, policy: EventTypePolicy): Promise<void> {
    const change =
      Object.keys(policy).length === 0
        ? { text: 'REMOVE #eventTypePolicy' }
        : { text: 'SET #eventTypePolicy = :policy', values: { ':policy': policy } };
    await this.#settings.change(tenantId, change);
  }

  completeSettings(notedBefore: number): Promise<void> {
    return this.#settings.complete(notedBefore);
  }

  async raiseShard(tenantId: string, shard: number): Promise<void> {
    const change = { text: `ADD #${SHARD_PREFIX}${shard} :one`, values: { ':one': 1 } };
    const copies = everyShard(HOT_ITEM_COPIES);
    await Promise.all(copies.map((copy) => this.#config.updateIf(metaKey(tenantId, copy), change)));
  }

  async ofShard(tenantId: string, shard: number): Promise<Subscriber[]> {
    const keys = { text: '#pk = :pk', values: { ':pk': subscriptionsPk(tenantId, shard) } };
    const items = await Array.fromAsync(this.#config.query({ keys, pageSize: PAGE_SIZE, consistent: true }));
    return items.map(subscriberOf);
  }

  async putUnlessNewer(place: SubscriptionPlace, subscriber: Subscriber): Promise<void> {
    const { generation } = place;
    const { events, projectId, filter, polled } = subscriber;
    const item = {
      ...subscriptionKey(place),
      generation,
      events,
      ...(projectId !== undefined && { projectId }),
      ...(filter !== undefined && { filter }),
      ...(polled && { polled }),
    };
    await this.#config.putIf(item, { text: `attribute_not_exists(#pk) OR ${NOT_NEWER}`, values: upTo(generation) });
  }

  async removeUnlessNewer(place: SubscriptionPlace): Promise<void> {
    await this.#config.deleteIf(subscriptionKey(place), { text: NOT_NEWER, values: upTo(place.generation) });
  }
}

const NOT_NEWER = '#generation <= :generation';

function upTo(generation: number): Record<string, number> {
  return { ':generation': generation };
}

function subscriberOf({ sk: id, events, projectId, filter, polled }: Item): Subscriber {
  return {
    id,
    events: events as string[],
    ...(projectId !== undefined && { projectId: projectId as string }),
    ...(filter !== undefined && { filter: filter as string }),
    ...(polled === true && { polled }),
  };
}
