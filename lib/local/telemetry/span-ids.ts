import { createHash } from 'node:crypto';
import { type IdGenerator, RandomIdGenerator } from '@opentelemetry/sdk-trace';

/** The ids of an event's trace. */
export interface TraceIds {
  traceId: string;
  /** Of the span of ingest, below which all others of the event are. */
  spanId: string;
  /** The span of the platform that posted the event; absent: the trace begins here. */
  parentId?: string;
  /** W3C: bit 0 says that the platform samples the trace. */
  flags: number;
}

/** They follow from the event alone: its spans are made by lines that know nothing of each other. */
export function traceIdsOf(eventId: string, traceparent: string | undefined): TraceIds {
  const hash = createHash('sha256').update(eventId).digest('hex');
  const spanId = hash.slice(32, 48);
  if (traceparent === undefined) return { traceId: hash.slice(0, 32), spanId, flags: 1 };
  const [, traceId = '', parentId = '', flags = ''] = traceparent.split('-');
  return { traceId, spanId, parentId, flags: Number.parseInt(flags, 16) };
}

/** Random ids, but for a span that is given its own. */
export class SpanIds implements IdGenerator {
  readonly #random = new RandomIdGenerator();
  #next: TraceIds | undefined;

  generateTraceId = (): string => this.#next?.traceId ?? this.#random.generateTraceId();
  generateSpanId = (): string => this.#next?.spanId ?? this.#random.generateSpanId();

  /** @param start makes the one span that has these ids */
  using<T>(ids: TraceIds, start: () => T): T {
    this.#next = ids;
    try {
      return start();
    } finally {
      this.#next = undefined;
    }
  }
}
