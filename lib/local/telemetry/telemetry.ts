import { DiagLogLevel, diag } from '@opentelemetry/api';
import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-http';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';
import { BatchSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import type { Clock } from '../../ports/clock.ts';
import { type Log, watched } from '../../ports/log.ts';
import { SpanIds } from './span-ids.ts';
import { countLines } from './count-lines.ts';
import { traceLines } from './trace-lines.ts';

export interface TelemetryOptions {
  /** Of an OpenTelemetry collector, without a slash at its end: OTLP over HTTP, as JSON. */
  url: string;
  clock: Pick<Clock, 'now'>;
  /** Hears, at most once a minute, that the collector takes nothing. */
  log: Log;
}

/** What is sent to a collector while a service runs. */
export interface Telemetry {
  /** A log that shows each line to the metrics and the traces, before it hands it on. */
  watching(log: Log): Log;
  /** Sends what is left, for some seconds at most. */
  stop(): Promise<void>;
}

const SERVICE = 'postrider';
const METRICS_EVERY_MS = 10_000;
const EXPORT_TIMEOUT_MS = 5000;
const COMPLAIN_EVERY_MS = 60_000;

/**
 * Sends the metrics that the lines of the log carry, and a trace for each event. What a collector does not take is
 * dropped: deliveries do not wait for it.
 */
export function startTelemetry({ url, clock, log }: TelemetryOptions): Telemetry {
  complainTo(log, clock);
  const resource = resourceFromAttributes({ 'service.name': SERVICE });
  const timeoutMillis = EXPORT_TIMEOUT_MS;
  const reader = new PeriodicExportingMetricReader({
    exporter: new OTLPMetricExporter({ url: `${url}/v1/metrics`, timeoutMillis }),
    exportIntervalMillis: METRICS_EVERY_MS,
    exportTimeoutMillis: EXPORT_TIMEOUT_MS,
  });
  const meters = new MeterProvider({ resource, readers: [reader] });
  const ids = new SpanIds();
  const exporter = new OTLPTraceExporter({ url: `${url}/v1/traces`, timeoutMillis });
  const tracers = new TracerProvider({
    resource,
    idGenerator: ids,
    spanProcessors: [new BatchSpanProcessor({ exporter, exportTimeoutMillis: EXPORT_TIMEOUT_MS })],
  });
  const count = countLines(meters.getMeter(SERVICE));
  const trace = traceLines(tracers.getTracer(SERVICE), ids, clock);
  return {
    watching: (written) =>
      watched(written, (event, fields) => {
        count(event, fields);
        trace(event, fields);
      }),
    async stop() {
      await Promise.allSettled([meters.shutdown(), tracers.shutdown()]);
      diag.disable();
    },
  };
}

/** The packages report to one logger of the process. */
function complainTo(log: Log, clock: Pick<Clock, 'now'>): void {
  let complainedAt = Number.NEGATIVE_INFINITY;
  const complain = (why: string) => {
    if (clock.now() - complainedAt < COMPLAIN_EVERY_MS) return;
    complainedAt = clock.now();
    log.warn('telemetry.failed', { why: why.slice(0, 300) });
  };
  const ignore = () => {};
  diag.setLogger(
    { error: complain, warn: complain, info: ignore, debug: ignore, verbose: ignore },
    { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true },
  );
}
