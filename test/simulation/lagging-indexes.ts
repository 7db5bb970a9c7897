import type { Delivery } from '../../lib/domain/delivery.ts';
import { deliveryId } from '../../lib/domain/ids.ts';
import type { Job } from '../../lib/domain/job.ts';
import type { StatusQuery } from '../../lib/ports/delivery-log.ts';
import type { DueEntry } from '../../lib/ports/due-index.ts';
import type { Ports } from '../../lib/ports/ports.ts';
import type { Dice } from './dice.ts';
import { LaggingIndex } from './lagging-index.ts';
import type { Profile } from './profile.ts';

const MINUTE = 60_000;

interface Surroundings {
  now(): number;
  dice: Dice;
  profile: Profile;
  unruly(): boolean;
}

/** The due index and the index by status, which show what was written some time later. */
export class LaggingIndexes {
  readonly due = new LaggingIndex<DueEntry>();
  readonly #statuses = new LaggingIndex<Delivery>();
  readonly #around: Surroundings;
  #minutes: { at: number; writes: number; entries: Map<number, DueEntry[]> } | undefined;

  constructor(around: Surroundings) {
    this.#around = around;
  }

  nothingDue(minute: number): boolean {
    return !this.#entriesByMinute().has(minute);
  }

  recordWritten(id: string, record: Delivery): void {
    const now = this.#around.now();
    const { checkAt } = record;
    const entry: DueEntry | undefined = checkAt === undefined ? undefined : { kind: 'delivery', key: record, checkAt };
    this.due.write(id, entry, now, this.#dueLag());
    this.#statuses.write(id, record.status === 'delivered' ? undefined : record, now, this.#lag());
  }

  jobWritten({ tenantId, id, checkAt }: Job): void {
    const entry: DueEntry | undefined =
      checkAt === undefined ? undefined : { kind: 'job', tenantId, jobId: id, checkAt };
    this.due.write(id, entry, this.#around.now(), this.#dueLag());
  }

  postponed(entry: DueEntry): void {
    const id = entry.kind === 'job' ? entry.jobId : deliveryId(entry.key);
    this.due.write(id, entry, this.#around.now(), this.#dueLag());
  }

  /** What is gone leaves the indexes. */
  async removed(store: Ports, tenantId: string): Promise<void> {
    for (const { id, value } of this.due.latest()) {
      if ((value.kind === 'job' ? value.tenantId : value.key.tenantId) !== tenantId) continue;
      const there = await (value.kind === 'job'
        ? store.jobs.get(tenantId, value.jobId)
        : store.deliveries.getMany([value.key]).then(([record]) => record));
      if (there) continue;
      this.due.write(id, undefined, this.#around.now(), this.#dueLag());
      this.#statuses.write(id, undefined, this.#around.now(), this.#lag());
    }
  }

  entriesOf(minute: number): DueEntry[] {
    return this.#entriesByMinute().get(minute) ?? [];
  }

  #entriesByMinute(): Map<number, DueEntry[]> {
    const now = this.#around.now();
    if (this.#minutes?.at === now && this.#minutes.writes === this.due.writes) return this.#minutes.entries;
    const entries = Map.groupBy(this.due.visible(now), ({ checkAt }) => Math.floor(checkAt / MINUTE));
    this.#minutes = { at: now, writes: this.due.writes, entries };
    return entries;
  }

  /** From an old state of the index; pages end where the index says so. */
  async pageByStatus({ status, endpointId, cursor = '', limit }: StatusQuery) {
    const place = (record: Delivery) => `${record.eventId}/${record.endpointId}/${record.ordinal}`;
    const asked = (record: Delivery) => endpointId === undefined || record.endpointId === endpointId;
    const after = this.#statuses
      .visible(this.#around.now())
      .filter((record) => record.status === status && asked(record) && place(record) > cursor)
      .toSorted((one, other) => (place(one) < place(other) ? -1 : 1));
    const deliveries = after.slice(0, limit);
    const last = deliveries.at(-1);
    return { deliveries, ...(after.length > limit && last && { next: place(last) }) };
  }

  #lag(): number {
    const { dice, profile, unruly } = this.#around;
    return unruly() && profile.lagMs > 0 && dice.chance(0.5) ? dice.below(profile.lagMs) : 0;
  }

  #dueLag(): number {
    const { dice, profile, unruly } = this.#around;
    return unruly() && profile.longLag && dice.chance(0.5) ? dice.between(25, 60) * MINUTE : this.#lag();
  }
}
