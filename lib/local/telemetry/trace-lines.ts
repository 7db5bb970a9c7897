import {
  type Attributes,
  type Context,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  type Tracer,
  trace,
} from '@opentelemetry/api';
import { timeOf } from '../../domain/ids.ts';
import type { Clock } from '../../ports/clock.ts';
import type { LogFields } from '../../ports/log.ts';
import { type SpanIds, type TraceIds, traceIdsOf } from './span-ids.ts';

type LineOfEvent = LogFields & { event_id: string };

/**
 * Makes the spans of an event of the lines about it: `ingest`, and below it, for each attempt, `dispatch` (until the result
 * is recorded) with `attempt` (the request alone).
 */
export function traceLines(tracer: Tracer, ids: SpanIds, clock: Pick<Clock, 'now'>) {
  return (event: string, fields: LogFields): void => {
    if (typeof fields.event_id !== 'string') return;
    const line = { ...fields, event_id: fields.event_id };
    const { traceparent } = fields;
    const own = traceIdsOf(line.event_id, typeof traceparent === 'string' ? traceparent : undefined);
    if (event === 'ingest.accepted') traceIngest(tracer, ids, own, line, clock.now());
    if (event === 'dispatch.attempt') traceAttempt(tracer, own, line, clock.now());
  };
}

function traceIngest(tracer: Tracer, ids: SpanIds, own: TraceIds, line: LineOfEvent, now: number): void {
  const parent = own.parentId === undefined ? ROOT_CONTEXT : below(own.traceId, own.parentId, own.flags);
  const options = {
    kind: SpanKind.PRODUCER,
    startTime: timeOf(line.event_id),
    attributes: attributesOf(line, 'tenant_id', 'event_id', 'event_type', 'deliveries'),
  };
  ids.using(own, () => tracer.startSpan('ingest', options, parent)).end(now);
}

function traceAttempt(tracer: Tracer, own: TraceIds, line: LineOfEvent, now: number): void {
  const startTime = timeOf(line.event_id) + Number(line.since_accepted_ms);
  const attributes = attributesOf(line, 'tenant_id', 'event_id', 'event_type', 'endpoint_id', 'delivery_id', 'queue');
  const parent = below(own.traceId, own.spanId, own.flags);
  const dispatch = tracer.startSpan('dispatch', { kind: SpanKind.CONSUMER, startTime, attributes }, parent);
  const attempt = tracer.startSpan(
    'attempt',
    { kind: SpanKind.CLIENT, startTime, attributes: { ...ofRequest(line), ...attributesOf(line, 'attempt_number') } },
    trace.setSpan(ROOT_CONTEXT, dispatch),
  );
  if (line.status !== 'delivered') {
    attempt.setStatus({ code: SpanStatusCode.ERROR, message: String(line.error_kind ?? line.status) });
  }
  attempt.end(startTime + Number(line.duration_ms));
  dispatch.setAttribute('postrider.status', String(line.status));
  dispatch.end(Math.max(now, startTime + Number(line.duration_ms)));
}

function below(traceId: string, spanId: string, traceFlags: number): Context {
  return trace.setSpanContext(ROOT_CONTEXT, { traceId, spanId, traceFlags, isRemote: true });
}

/** By the names of OpenTelemetry ("Semantic conventions for HTTP spans"). The URL of a line has no query. */
function ofRequest({ url, status_code }: LogFields): Attributes {
  return {
    'http.request.method': 'POST',
    'url.full': String(url),
    ...(status_code !== undefined && { 'http.response.status_code': Number(status_code) }),
  };
}

function attributesOf(line: LogFields, ...names: string[]): Attributes {
  return Object.fromEntries(
    names.flatMap((name) => (line[name] === undefined ? [] : [[`postrider.${name}`, line[name]]])),
  ) as Attributes;
}
