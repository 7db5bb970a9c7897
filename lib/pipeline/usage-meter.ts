import { NO_LATENCIES, oneLatency } from '../domain/latencies.ts';
import { NO_USAGE, type Usage, dayOf, sumOfUsage } from '../domain/usage.ts';
import { type Log, type LogFields, watched } from '../ports/log.ts';
import type { Ports } from '../ports/ports.ts';

/**
 * In a busy function, counts are added to the table so often and not with each invocation: an addition is a write. What
 * comes alone is added at once, because nobody knows whether the function is called again.
 */
const INTERVAL_MS = 1000;

/** What the counts of one tenant's day go under. */
interface Counted {
  tenantId: string;
  day: string;
  used: Usage;
}

/**
 * Counts by tenant and day what the lines of the log say, before any line is left out. A process that ends without
 * {@link UsageMeter.flush} takes up to a second of counts with it, and an addition that failed is repeated though it may have
 * been made: usage is an estimate.
 */
export class UsageMeter {
  readonly #ports: Pick<Ports, 'clock' | 'usage'>;
  #counted = new Map<string, Counted>();
  #addedAt = Number.NEGATIVE_INFINITY;

  constructor(ports: Pick<Ports, 'clock' | 'usage'>) {
    this.#ports = ports;
  }

  /** A log that counts each line before it hands the line on. */
  watching(log: Log): Log {
    return watched(log, (event, fields) => this.#count(event, fields));
  }

  /** {@link UsageMeter.flush} if the last one is a second ago. */
  async flushInTime(log: Log): Promise<void> {
    if (this.#ports.clock.now() - this.#addedAt >= INTERVAL_MS) await this.flush(log);
  }

  /** Adds what was counted to the table. What fails is logged, and added at the next time. */
  async flush(log: Log): Promise<void> {
    const all = [...this.#counted.values()];
    this.#counted = new Map();
    if (all.length === 0) return;
    this.#addedAt = this.#ports.clock.now();
    await Promise.all(all.map((counted) => this.#add(counted, log)));
  }

  async #add({ tenantId, day, used }: Counted, log: Log): Promise<void> {
    try {
      await this.#ports.usage.add(tenantId, day, used);
    } catch (cause) {
      this.#put(tenantId, day, used);
      log.error('usage.not-added', cause, { tenant_id: tenantId });
    }
  }

  #count(event: string, fields: LogFields): void {
    const { tenant_id: tenantId } = fields;
    const used = typeof tenantId === 'string' ? usedBy(event, fields) : undefined;
    if (used) this.#put(tenantId as string, dayOf(this.#ports.clock.now()), { ...NO_USAGE, ...used });
  }

  #put(tenantId: string, day: string, used: Usage): void {
    const key = `${day} ${tenantId}`;
    const before = this.#counted.get(key)?.used ?? NO_USAGE;
    this.#counted.set(key, { tenantId, day, used: sumOfUsage([before, used]) });
  }
}

/** What a line says of a tenant's usage; undefined: nothing. */
function usedBy(event: string, fields: LogFields): Partial<Usage> | undefined {
  switch (event) {
    case 'dispatch.attempt': {
      const { status, attempt_number, first_of_event } = fields;
      const opens = first_of_event === true && attempt_number === 1;
      return {
        attempts: 1,
        ...(opens && { events: 1 }),
        ...((status === 'delivered' || status === 'exhausted') && { [status]: 1 }),
        latencies: latenciesOf(fields),
      };
    }
    case 'job.probe':
      return { attempts: 1, ...(fields.success === true && { delivered: 1 }) };
    // Its endpoints stand in pages, none of which says that it is the first.
    case 'fan-out.done':
      return { events: 1 };
    case 'poll.settled': {
      const { status, first_of_event } = fields;
      return {
        ...(first_of_event === true && { events: 1 }),
        ...((status === 'delivered' || status === 'abandoned') && { [status]: 1 }),
      };
    }
    case 'dispatch.abandoned':
    case 'sweep.expired':
      return { abandoned: 1 };
    default:
      return undefined;
  }
}

/** The time to a first attempt is that of the metric TimeToFirstAttempt: not of manual retries. */
function latenciesOf({ attempt_number, ordinal, since_accepted_ms, duration_ms }: LogFields): Usage['latencies'] {
  const isFirst = attempt_number === 1 && ordinal === 0;
  return {
    firstAttempts: isFirst ? oneLatency(measured(since_accepted_ms)) : NO_LATENCIES.firstAttempts,
    requests: oneLatency(measured(duration_ms)),
  };
}

const measured = (value: LogFields[string]) => (typeof value === 'number' ? value : undefined);
