import type { Clock } from '../../ports/clock.ts';
import { type Log, watched } from '../../ports/log.ts';
import { METRICS, type MetricName, type Sample, samplesOf } from './line-metrics.ts';
import { isRoutine } from './sampled-log.ts';

export const NAMESPACE = 'Postrider';
/**
 * The one dimension: which service of the account it is. A further one would multiply the metrics, which are paid by
 * the month.
 */
export const DIMENSION = 'Service';

/** CloudWatch takes so many values of a metric in one line ("Specification: CloudWatch embedded metric format"). */
const MAX_VALUES = 100;
/** What went well is written once in so many milliseconds, not with each invocation. */
const ROUTINE_INTERVAL = 60_000;

interface Embedding {
  clock: Clock;
  /** The value of {@link DIMENSION}. */
  service: string;
  write(line: string): void;
}

/**
 * Collects the metrics of an instance, and writes them as lines of CloudWatch's embedded metric format: no calls. A line is
 * written at the end of an invocation in which something else than a routine success happened, or when the last one is a
 * minute old. An instance that Lambda ends takes the successes of its last minute with it: nothing is decided by them.
 */
export class EmbeddedMetrics {
  readonly #embedding: Embedding;
  #values = new Map<MetricName, number[]>();
  #writtenAt = Number.NEGATIVE_INFINITY;
  #unusual = false;

  constructor(embedding: Embedding) {
    this.#embedding = embedding;
  }

  /** A log that takes the samples of each line before it hands the line on. */
  watching(log: Log): Log {
    return watched(log, (event, fields) => this.#take(samplesOf(event, fields), isRoutine(event, fields)));
  }

  /** At the end of an invocation. */
  flush(): void {
    if (this.#values.size === 0) return;
    const { clock } = this.#embedding;
    if (this.#unusual || clock.now() - this.#writtenAt >= ROUTINE_INTERVAL) this.#write();
  }

  #take(samples: readonly Sample[], routine: boolean): void {
    if (samples.length === 0) return;
    this.#unusual ||= !routine;
    for (const [name, value] of samples) {
      const values = this.#values.get(name) ?? [];
      // Of counts only the sum matters.
      if (METRICS[name] === 'Count') values[0] = (values[0] ?? 0) + value;
      else values.push(value);
      this.#values.set(name, values);
    }
    if (samples.some(([name]) => this.#values.get(name)?.length === MAX_VALUES)) this.#write();
  }

  #write(): void {
    const { clock, service, write } = this.#embedding;
    const now = clock.now();
    const values = this.#values;
    this.#values = new Map();
    this.#writtenAt = now;
    this.#unusual = false;
    const metrics = [...values.keys()].map((name) => ({ Name: name, Unit: METRICS[name] }));
    const directive = { Namespace: NAMESPACE, Dimensions: [[DIMENSION]], Metrics: metrics };
    write(
      JSON.stringify({
        _aws: { Timestamp: now, CloudWatchMetrics: [directive] },
        // Without these, Lambda takes a line as one of level INFO of its own making.
        timestamp: new Date(now).toISOString(),
        level: 'info',
        event: 'metrics',
        [DIMENSION]: service,
        ...Object.fromEntries([...values].map(([name, all]) => [name, all.length === 1 ? all[0] : all])),
      }),
    );
  }
}
