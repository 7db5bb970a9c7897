import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { systemClock } from '../../../lib/adapters/system/system-clock.ts';
import { LAMBDA_ENTRIES } from '../../../lib/infra/written-in.ts';
import { startTelemetry } from '../../../lib/local/telemetry/telemetry.ts';
import { startService } from '../../../lib/local/service/service.ts';
import { Api, eventually } from '../../e2e/api.ts';
import { Receiver } from '../../e2e/receiver.ts';
import { contentsOf } from '../../lambdas/bundle-contents.ts';
import { MemoryLog } from '../../support/memory-log.ts';
import { type ReceivedSpan, startCollector } from './collector.ts';

const TRACE = { traceId: '0af7651916cd43dd8448eb211c80319c', parentId: 'b7ad6b7169203331' };
const TRACE_PARENT = `00-${TRACE.traceId}-${TRACE.parentId}-01`;

/** A service with telemetry; `stop` ends both, which sends what is left. */
async function start(url: string) {
  const log = new MemoryLog();
  const telemetry = startTelemetry({ url, clock: systemClock, log });
  const service = await startService({ dataDir: ':memory:', port: 0, log: telemetry.watching(log) });
  const stop = async () => {
    await service.stop();
    await telemetry.stop();
  };
  onTestFinished(stop);
  return { api: new Api(service, 'org_1'), log, stop };
}

async function startAll(answer?: (nth: number) => number) {
  const collector = await startCollector();
  onTestFinished(() => collector.stop());
  const receiver = await Receiver.start(answer);
  onTestFinished(() => receiver.stop());
  return { collector, receiver, ...(await start(collector.url)) };
}

const attempts = (log: MemoryLog) => log.named('dispatch.attempt').length;
const named = (spans: readonly ReceivedSpan[], name: string) => spans.filter((span) => span.name === name);

test('a collector gets the metrics of the log, by the same names', async () => {
  const { api, collector, receiver, log, stop } = await startAll((nth) => (nth === 1 ? 500 : 200));
  await api.endpoint({ url: receiver.url, retry: { delays: [1] } });
  await api.post();
  await eventually(
    async () => attempts(log),
    (count) => count === 2,
  );
  await stop();
  const { metrics, services } = collector;
  expect(services).toEqual(new Set(['postrider']));
  const values = Object.fromEntries([...metrics].map(([name, { value }]) => [name, value]));
  expect(values).toMatchObject({ EventsAccepted: 1, AttemptsFailed: 1, AttemptsSucceeded: 1, DeliveriesDelivered: 1 });
  expect(values).toMatchObject({ RequestAnswered: 1, TimeToFirstAttempt: 1, TimeToDelivery: 1 });
  expect(metrics.get('TimeToDelivery')?.unit).toBe('ms');
});

test('an event is a trace: ingest, and below it each dispatch with its attempt', async () => {
  const { api, collector, receiver, log, stop } = await startAll((nth) => (nth === 1 ? 503 : 200));
  const endpoint = await api.endpoint({ url: `${receiver.url}?token=secret`, retry: { delays: [1] } });
  const { id } = await api.post();
  await eventually(
    async () => attempts(log),
    (count) => count === 2,
  );
  await stop();
  const { spans } = collector;
  const [ingest] = named(spans, 'ingest');
  expect(ingest).toMatchObject({ kind: 4, attributes: { 'postrider.event_id': id, 'postrider.tenant_id': 'org_1' } });
  expect(ingest).not.toHaveProperty('parentSpanId');
  expect(new Set(spans.map(({ traceId }) => traceId))).toEqual(new Set([ingest?.traceId]));
  const dispatches = named(spans, 'dispatch');
  expect(dispatches.map(({ parentSpanId }) => parentSpanId)).toEqual([ingest?.spanId, ingest?.spanId]);
  expect(dispatches[0]?.attributes).toMatchObject({ 'postrider.endpoint_id': endpoint.id });
  const requests = named(spans, 'attempt');
  expect(requests.map(({ parentSpanId }) => parentSpanId)).toEqual(dispatches.map(({ spanId }) => spanId));
  expect(requests.map(({ attributes }) => attributes['http.response.status_code'])).toEqual([503, 200]);
  expect(requests.map(({ statusCode }) => statusCode === 2)).toEqual([true, false]);
  for (const { startMs, endMs } of spans) expect(endMs).toBeGreaterThanOrEqual(startMs);
  for (const { startMs } of requests) expect(startMs).toBeGreaterThanOrEqual(ingest?.startMs ?? 0);
  expect(JSON.stringify(spans)).not.toContain('secret');
});

test('an event with a traceparent is in the platform’s trace, and its customer is handed it', async () => {
  const { api, collector, receiver, stop } = await startAll();
  await api.endpoint({ url: receiver.url });
  const { id } = await api.post({ trace: { traceparent: TRACE_PARENT } });
  const [arrival] = await eventually(
    async () => receiver.of(id),
    (arrivals) => arrivals.length > 0,
  );
  expect(arrival?.headers.traceparent).toBe(TRACE_PARENT);
  await stop();
  expect(collector.spans.map(({ traceId }) => traceId)).toEqual([TRACE.traceId, TRACE.traceId, TRACE.traceId]);
  expect(named(collector.spans, 'ingest')[0]?.parentSpanId).toBe(TRACE.parentId);
});

test('a trace that its platform does not sample is not sent', async () => {
  const { api, collector, receiver, stop } = await startAll();
  await api.endpoint({ url: receiver.url });
  const { id } = await api.post({ trace: { traceparent: TRACE_PARENT.replace(/01$/, '00') } });
  await eventually(
    async () => receiver.of(id),
    (arrivals) => arrivals.length > 0,
  );
  await stop();
  expect(collector.spans).toEqual([]);
});

test('a collector that is not there stops nothing, and is complained of once', async () => {
  const gone = await startCollector();
  await gone.stop();
  const { api, log, stop } = await start(gone.url);
  const receiver = await Receiver.start();
  onTestFinished(() => receiver.stop());
  await api.endpoint({ url: receiver.url });
  const { id } = await api.post();
  await eventually(
    async () => receiver.of(id),
    (arrivals) => arrivals.length > 0,
  );
  await stop();
  expect(log.named('telemetry.failed')).toHaveLength(1);
}, 30_000);

test('nothing of it is in a function, or is loaded by a service without it', async () => {
  const bundled = (await Promise.all(LAMBDA_ENTRIES.map((entry) => contentsOf(entry)))).flat();
  expect(bundled.filter((path) => /opentelemetry|local\/telemetry/.test(path))).toEqual([]);
  const source = readFileSync(join(import.meta.dirname, '../../../lib/local/command/run-service.ts'), 'utf8');
  expect(source).toMatch(/await import\('..\/telemetry\/telemetry.ts'\)/);
  expect(source).not.toMatch(/^import (?!type)[^;]*telemetry/m);
}, 120_000);
