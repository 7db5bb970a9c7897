import { DAY } from '../domain/durations.ts';
import { type LATENCIES, stepOf } from '../domain/latencies.ts';
import { NO_USAGE, type Usage, type UsageCounts, dayOf, sumOfUsage } from '../domain/usage.ts';
import { type Log, type LogFields, watched } from '../ports/log.ts';
import type { Ports } from '../ports/ports.ts';

/**
 * In a busy function, counts are added to the table so often and not with each invocation: an addition is a write. What
 * comes alone is added at once, because nobody knows whether the function is called again.
 */
const INTERVAL_MS = 1000;

/** What is counted of one tenant's day. In place: each attempt of a fan-out to thousands is a line. */
interface Counted {
  tenantId: string;
  day: string;
  used: UsageCounts & { latencies: Record<(typeof LATENCIES)[number], number[]> };
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
  /** The day that was counted last: its number since the Unix epoch, and its name. */
  #today = { number: Number.NaN, name: '' };

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
      const meanwhile = this.#countedOf(tenantId, day);
      Object.assign(meanwhile, copyOf(sumOfUsage([meanwhile, used])));
      log.error('usage.not-added', cause, { tenant_id: tenantId });
    }
  }

  #count(event: string, fields: LogFields): void {
    const { tenant_id: tenantId } = fields;
    const counts = typeof tenantId === 'string' ? countsOf(event, fields) : undefined;
    if (!counts) return;
    const used = this.#countedOf(tenantId as string, this.#dayOfNow());
    for (const name of counts) used[name] += 1;
    if (event === 'dispatch.attempt') addLatencies(used, fields);
  }

  #dayOfNow(): string {
    const now = this.#ports.clock.now();
    const number = Math.floor(now / DAY);
    if (this.#today.number !== number) this.#today = { number, name: dayOf(now) };
    return this.#today.name;
  }

  #countedOf(tenantId: string, day: string): Counted['used'] {
    const key = `${day} ${tenantId}`;
    let counted = this.#counted.get(key);
    if (!counted) {
      counted = { tenantId, day, used: copyOf(NO_USAGE) };
      this.#counted.set(key, counted);
    }
    return counted.used;
  }
}

/** One that can be counted in. */
function copyOf(usage: Usage): Counted['used'] {
  const { firstAttempts, requests } = usage.latencies;
  return { ...usage, latencies: { firstAttempts: [...firstAttempts], requests: [...requests] } };
}

type Counts = readonly (keyof UsageCounts)[];

/** What a line says of a tenant's usage: each counts one more. Undefined: nothing. */
function countsOf(event: string, fields: LogFields): Counts | undefined {
  switch (event) {
    case 'dispatch.attempt': {
      const { status, attempt_number, first_of_event } = fields;
      const counts: (keyof UsageCounts)[] = ['attempts'];
      if (first_of_event === true && attempt_number === 1) counts.push('events');
      if (status === 'delivered' || status === 'exhausted') counts.push(status);
      return counts;
    }
    case 'job.probe':
      return fields.success === true ? ['attempts', 'delivered'] : ['attempts'];
    // Its endpoints stand in pages, none of which says that it is the first.
    case 'fan-out.done':
      return ['events'];
    case 'poll.settled': {
      const { status, first_of_event } = fields;
      const counts: (keyof UsageCounts)[] = first_of_event === true ? ['events'] : [];
      if (status === 'delivered' || status === 'abandoned') counts.push(status);
      return counts;
    }
    case 'dispatch.abandoned':
    case 'sweep.expired':
      return ['abandoned'];
    default:
      return undefined;
  }
}

/** The time to a first attempt is that of the metric TimeToFirstAttempt: not of manual retries. */
function addLatencies({ latencies }: Counted['used'], fields: LogFields): void {
  const { attempt_number, ordinal, since_accepted_ms, duration_ms } = fields;
  if (attempt_number === 1 && ordinal === 0) addLatency(latencies.firstAttempts, since_accepted_ms);
  addLatency(latencies.requests, duration_ms);
}

function addLatency(steps: number[], ms: LogFields[string]): void {
  if (typeof ms !== 'number') return;
  const step = stepOf(ms);
  steps[step] = (steps[step] ?? 0) + 1;
}
