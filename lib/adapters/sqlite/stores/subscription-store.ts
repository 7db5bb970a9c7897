import type { Statement } from '../database/statement.ts';
import type { EventTypePolicy } from '../../../domain/event-type.ts';
import type { Subscriber } from '../../../domain/subscription.ts';
import type { SubscriptionPlace, SubscriptionStore, TenantState } from '../../../ports/subscription-store.ts';
import type { Database } from '../database/database.ts';
import type { GroupCommit } from '../database/group-commit.ts';
import type { Horizon } from '../database/log-lifetime.ts';

export class SqliteSubscriptionStore implements SubscriptionStore {
  readonly #database: Database;
  readonly #commits: GroupCommit;
  readonly #horizon: Horizon;
  readonly #tenant: Statement;
  readonly #setPolicy: Statement;
  readonly #removePolicy: Statement;
  readonly #setQuota: Statement;
  readonly #removeQuota: Statement;
  readonly #raise: Statement;
  readonly #ofShard: Statement;
  readonly #put: Statement;
  readonly #remove: Statement;

  constructor(database: Database, commits: GroupCommit, horizon: Horizon) {
    this.#database = database;
    this.#commits = commits;
    this.#horizon = horizon;
    this.#tenant = database.prepare(
      `SELECT (SELECT json_group_array(json_array(shard, number)) FROM subscription_shards WHERE tenant = ?1) AS shards,
         (SELECT events_per_second FROM tenant_quotas WHERE tenant = ?1) AS quota,
         (SELECT body FROM event_type_policies WHERE tenant = ?1) AS policy,
         (SELECT registered_at FROM tenants WHERE id = ?1) AS registered,
         EXISTS (SELECT 1 FROM erased_tenants WHERE id = ?1 AND erased_at > ?2) AS erased`,
    );
    this.#setPolicy = database.prepare(
      'INSERT INTO event_type_policies VALUES (?, ?) ON CONFLICT DO UPDATE SET body = excluded.body',
    );
    this.#removePolicy = database.prepare('DELETE FROM event_type_policies WHERE tenant = ?');
    this.#setQuota = database.prepare(
      'INSERT INTO tenant_quotas VALUES (?, ?) ON CONFLICT DO UPDATE SET events_per_second = excluded.events_per_second',
    );
    this.#removeQuota = database.prepare('DELETE FROM tenant_quotas WHERE tenant = ?');
    this.#raise = database.prepare(
      'INSERT INTO subscription_shards VALUES (?, ?, 1) ON CONFLICT DO UPDATE SET number = number + 1',
    );
    this.#ofShard = database.prepare(
      'SELECT endpoint, events, project, filter, polled FROM subscriptions WHERE tenant = ? AND shard = ? ORDER BY endpoint',
    );
    this.#put = database.prepare(
      `INSERT INTO subscriptions AS old VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET
         generation = excluded.generation, events = excluded.events, project = excluded.project, filter = excluded.filter,
         polled = excluded.polled
       WHERE old.generation <= excluded.generation`,
    );
    this.#remove = database.prepare(
      'DELETE FROM subscriptions WHERE tenant = ? AND shard = ? AND endpoint = ? AND generation <= ?',
    );
  }

  tenant(tenantId: string): Promise<TenantState> {
    return this.#database.readOnce(`tenant ${tenantId}`, () => {
      const { shards, quota, policy, registered, erased } = { ...this.#tenant.get(tenantId, this.#horizon()) };
      const isRegistered = typeof registered === 'number';
      return {
        shards: new Map(JSON.parse(String(shards)) as [number, number][]),
        ...(isRegistered && { isRegistered, registeredAt: registered }),
        ...(!isRegistered && erased === 1 && { isErased: true }),
        ...(typeof quota === 'number' && { eventsPerSecond: quota }),
        ...(typeof policy === 'string' && { eventTypePolicy: JSON.parse(policy) as EventTypePolicy }),
      };
    });
  }

  async setQuota(tenantId: string, eventsPerSecond: number | undefined): Promise<void> {
    await this.#commits.write(() =>
      eventsPerSecond === undefined ? this.#removeQuota.run(tenantId) : this.#setQuota.run(tenantId, eventsPerSecond),
    );
  }

  async setEventTypePolicy(tenantId: string, policy: EventTypePolicy): Promise<void> {
    await this.#commits.write(() =>
      Object.keys(policy).length === 0
        ? this.#removePolicy.run(tenantId)
        : this.#setPolicy.run(tenantId, JSON.stringify(policy)),
    );
  }

  async raiseShard(tenantId: string, shard: number): Promise<void> {
    await this.#commits.write(() => this.#raise.run(tenantId, shard));
  }

  /** A change is one commit: none dies half-way. */
  completeSettings(): Promise<void> {
    return Promise.resolve();
  }

  ofShard(tenantId: string, shard: number): Promise<Subscriber[]> {
    return this.#database.read(() => this.#ofShard.all(tenantId, shard).map(subscriberOf));
  }

  async putUnlessNewer({ tenantId, shard, id, generation }: SubscriptionPlace, subscriber: Subscriber): Promise<void> {
    const events = JSON.stringify(subscriber.events);
    const { projectId = null, filter = null } = subscriber;
    const polled = subscriber.polled ? 1 : null;
    await this.#commits.write(() => this.#put.run(tenantId, shard, id, generation, events, projectId, filter, polled));
  }

  async removeUnlessNewer({ tenantId, shard, id, generation }: SubscriptionPlace): Promise<void> {
    await this.#commits.write(() => this.#remove.run(tenantId, shard, id, generation));
  }
}

function subscriberOf({ endpoint, events, project, filter, polled }: Record<string, unknown>): Subscriber {
  return {
    id: endpoint as string,
    events: JSON.parse(events as string) as string[],
    ...(project !== null && { projectId: project as string }),
    ...(filter !== null && { filter: filter as string }),
    ...(polled !== null && { polled: true }),
  };
}
