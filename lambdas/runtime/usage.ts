import { UsageMeter } from '../../lib/pipeline/usage-meter.ts';
import type { Log } from '../../lib/ports/log.ts';
import type { Ports } from '../../lib/ports/ports.ts';
import type { Deployment } from './deployment.ts';

interface Metered {
  /** Counts usage by tenant, and hands each line on. */
  log: Log;
  /** Work that afterwards adds what was counted, if the last addition is a second old. */
  adding<Args extends readonly unknown[], Result>(
    work: (...args: Args) => Promise<Result>,
  ): (...args: Args) => Promise<Result>;
}

export function metered({ clock, log }: Deployment, { usage }: Pick<Ports, 'usage'>): Metered {
  const meter = new UsageMeter({ clock, usage });
  return {
    log: meter.watching(log),
    adding:
      (work) =>
      async (...args) => {
        try {
          return await work(...args);
        } finally {
          await meter.flushInTime(log);
        }
      },
  };
}
