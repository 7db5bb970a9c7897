import type { Delivery } from '../../lib/domain/delivery.ts';
import { deliveryId } from '../../lib/domain/ids.ts';
import type { Job } from '../../lib/domain/job.ts';
import type { DeliveryLog } from '../../lib/ports/delivery-log.ts';
import type { JobStore } from '../../lib/ports/job-store.ts';

/** Knows when sweep next has something to do, so that virtual time need not stop at every minute before it. */
export class DueTracker {
  readonly #checkAt = new Map<string, number>();

  /** The earliest `checkAt` of everything unfinished; undefined when nothing is. */
  earliest(): number | undefined {
    return this.#checkAt.size === 0 ? undefined : Math.min(...this.#checkAt.values());
  }

  deliveries(log: DeliveryLog): DeliveryLog {
    return watched(log, 'writeUnlessSuperseded', (record: Delivery) => this.#note(deliveryId(record), record.checkAt));
  }

  jobs(store: JobStore): JobStore {
    const note = (job: Job) => this.#note(job.id, job.checkAt);
    return watched(watched(store, 'createUnlessExists', note), 'replaceIfStep', note);
  }

  #note(id: string, checkAt: number | undefined): void {
    if (checkAt === undefined) this.#checkAt.delete(id);
    else this.#checkAt.set(id, checkAt);
  }
}

/** The same port, with every write of a name noted when it was made. */
function watched<P extends object, T>(port: P, method: keyof P, note: (written: T) => void): P {
  return new Proxy(port, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name);
      if (typeof value !== 'function') return value;
      if (name !== method) return value.bind(target) as unknown;
      return async (...args: unknown[]) => {
        const made = (await value.apply(target, args)) as boolean;
        if (made) note(args[0] as T);
        return made;
      };
    },
  });
}
