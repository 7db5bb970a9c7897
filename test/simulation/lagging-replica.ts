import type { Delivery } from '../../lib/domain/delivery.ts';
import { deliveryId } from '../../lib/domain/ids.ts';
import type { Snapshot } from '../../lib/ports/dispatch-reader.ts';

/** Some moment in the past, chosen anew for each item: replicas differ. Milliseconds since the Unix epoch. */
export type Moment = () => number;

/** The log as it was a while ago: an eventually consistent read may get its answer from there. */
export class LaggingReplica {
  readonly #events = new Map<string, number>();
  readonly #records = new Map<string, { at: number; record: Delivery }[]>();

  eventWritten(eventId: string, now: number): void {
    this.#events.set(eventId, now);
  }

  recordWritten(record: Delivery, now: number): void {
    const id = deliveryId(record);
    const versions = this.#records.get(id) ?? [];
    versions.push({ at: now, record });
    this.#records.set(id, versions);
  }

  /** The same with an event that may not have arrived yet, and a record that may be an older one, or none. */
  behind(snapshot: Snapshot, id: string, moment: Moment): Snapshot {
    const putAt = this.#events.get(snapshot.event?.id ?? '') ?? 0;
    const event = putAt <= moment() ? snapshot.event : undefined;
    const versions = this.#records.get(id) ?? [];
    const then = moment();
    const seen = versions.findLastIndex(({ at }) => at <= then);
    return { ...snapshot, event, record: seen === versions.length - 1 ? snapshot.record : versions[seen]?.record };
  }
}
