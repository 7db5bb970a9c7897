import type { Delivery } from '../../lib/domain/delivery.ts';
import { deliveryId } from '../../lib/domain/ids.ts';
import type { Job } from '../../lib/domain/job.ts';
import type { DeliveryLog } from '../../lib/ports/delivery-log.ts';
import type { DueIndex } from '../../lib/ports/due-index.ts';
import type { JobStore } from '../../lib/ports/job-store.ts';

const MINUTE = 60_000;

/** Knows when sweep next has something to do, so that virtual time can skip the minutes before. */
export class DueTracker {
  readonly #checkAt = new Map<string, number>();
  /** The minutes in which anything was ever due, or would have been had its write succeeded. */
  readonly #minutes = new Set<number>();

  /** The earliest `checkAt` of everything unfinished; undefined when nothing is. */
  earliest(): number | undefined {
    return this.#checkAt.size === 0 ? undefined : Math.min(...this.#checkAt.values());
  }

  deliveries(log: DeliveryLog): DeliveryLog {
    const note = (record: Delivery) => this.#note(deliveryId(record), record.checkAt);
    return this.#watched(log, 'writeUnlessSuperseded', note);
  }

  jobs(store: JobStore): JobStore {
    const note = (job: Job) => this.#note(job.id, job.checkAt);
    return this.#watched(this.#watched(store, 'createUnlessExists', note), 'replaceIfStep', note);
  }

  /**
   * The same index, for one that is slow to read: minutes in which nothing was ever due are not read. All others are,
   * whether their entries are still there or not.
   */
  due(index: DueIndex): DueIndex {
    return {
      shards: () => index.shards(),
      page: async (place, cursor, limit) =>
        this.#minutes.has(place.minute) ? index.page(place, cursor, limit) : { entries: [] },
      watermark: () => index.watermark(),
      raiseWatermark: (minute) => index.raiseWatermark(minute),
      postpone: async (entry, next) => {
        const checkAt = await index.postpone(entry, next);
        if (checkAt !== undefined) this.#minutes.add(Math.floor(checkAt / MINUTE));
        return checkAt;
      },
    };
  }

  #note(id: string, checkAt: number | undefined): void {
    if (checkAt === undefined) this.#checkAt.delete(id);
    else this.#checkAt.set(id, checkAt);
  }

  /** The same port, with every successful call of one method noted. */
  #watched<P extends object, T extends { checkAt?: number | undefined }>(
    port: P,
    method: keyof P,
    note: (written: T) => void,
  ): P {
    return new Proxy(port, {
      get: (target, name) => {
        const value: unknown = Reflect.get(target, name);
        if (typeof value !== 'function') return value;
        if (name !== method) return value.bind(target) as unknown;
        return async (...args: unknown[]) => {
          const wanted = args[0] as T;
          if (wanted.checkAt !== undefined) this.#minutes.add(Math.floor(wanted.checkAt / MINUTE));
          const made = (await value.apply(target, args)) as unknown;
          if (made) note(wanted);
          return made;
        };
      },
    });
  }
}
