import { NextDelivery } from '../../lib/domain/delivery-changes/next-delivery.ts';
import { deliveryId } from '../../lib/domain/ids.ts';
import type { Job } from '../../lib/domain/job.ts';
import type { DeliveryLog } from '../../lib/ports/delivery-log.ts';
import type { DueIndex } from '../../lib/ports/due-index.ts';
import type { JobStore } from '../../lib/ports/job-store.ts';
import type { TenantData } from '../../lib/ports/tenant-data.ts';

const MINUTE = 60_000;

interface Entry {
  tenantId: string;
  id: string;
  checkAt: number | undefined;
}

/** Knows when sweep next has something to do, so that virtual time can skip the minutes before. */
export class DueTracker {
  readonly #entries = new Map<string, Entry & { checkAt: number }>();
  /** The minutes in which anything was ever due, or would have been had its write succeeded. */
  readonly #minutes = new Set<number>();

  /** The earliest `checkAt` of everything unfinished; undefined when nothing is. */
  earliest(): number | undefined {
    if (this.#entries.size === 0) return undefined;
    return Math.min(...[...this.#entries.values()].map(({ checkAt }) => checkAt));
  }

  deliveries(log: DeliveryLog): DeliveryLog {
    const entryOf = (next: NextDelivery) => {
      const record = NextDelivery.recordIn(next);
      return { tenantId: record.tenantId, id: deliveryId(record), checkAt: record.checkAt };
    };
    return this.#watched(log, 'writeUnlessSuperseded', entryOf);
  }

  jobs(store: JobStore): JobStore {
    const entryOf = ({ tenantId, id, checkAt }: Job) => ({ tenantId, id, checkAt });
    return this.#watched(this.#watched(store, 'createUnlessExists', entryOf), 'replaceIfStep', entryOf);
  }

  /**
   * The same index, for one that is slow to read: minutes in which nothing was ever due are not read. All others are,
   * whether their entries are still there or not.
   */
  due(index: DueIndex): DueIndex {
    return {
      shards: () => index.shards(),
      raiseShards: () => index.raiseShards(),
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

  /** What was removed of a tenant is due no more. */
  tenantData(port: TenantData): TenantData {
    return {
      removeSome: async (tenantId, part, limit, keptJob) => {
        const removal = await port.removeSome(tenantId, part, limit, keptJob);
        const prefix = { jobs: 'job_', endpoints: 'del_' }[part as string];
        if (removal.done && prefix !== undefined) this.#forget(tenantId, prefix, keptJob);
        return removal;
      },
    };
  }

  #forget(tenantId: string, prefix: string, kept: string): void {
    for (const [id, entry] of this.#entries) {
      if (entry.tenantId === tenantId && id.startsWith(prefix) && id !== kept) this.#entries.delete(id);
    }
  }

  #note({ checkAt, ...entry }: Entry): void {
    if (checkAt === undefined) this.#entries.delete(entry.id);
    else this.#entries.set(entry.id, { ...entry, checkAt });
  }

  /** The same port, with what every successful call of one method writes noted. */
  #watched<P extends object, Written>(port: P, method: keyof P, entryOf: (written: Written) => Entry): P {
    return new Proxy(port, {
      get: (target, name) => {
        const value: unknown = Reflect.get(target, name);
        if (typeof value !== 'function') return value;
        if (name !== method) return value.bind(target) as unknown;
        return async (...args: unknown[]) => {
          const wanted = entryOf(args[0] as Written);
          if (wanted.checkAt !== undefined) this.#minutes.add(Math.floor(wanted.checkAt / MINUTE));
          const made = (await value.apply(target, args)) as unknown;
          if (made) this.#note(wanted);
          return made;
        };
      },
    });
  }
}
