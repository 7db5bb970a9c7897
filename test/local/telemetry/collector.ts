import http from 'node:http';
import type { AddressInfo } from 'node:net';

/** What OTLP's JSON looks like, as far as the tests read it (OTLP 1.x, "JSON Protobuf Encoding"). */
// oxlint-disable-next-line typescript/no-explicit-any
type Json = any;

export interface ReceivedSpan {
  name: string;
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  kind: number;
  startMs: number;
  endMs: number;
  attributes: Record<string, unknown>;
  /** 2: an error. */
  statusCode: number | undefined;
}

/** An OpenTelemetry collector that keeps what it is sent. */
export interface Collector {
  url: string;
  /** `service.name` of whatever was sent. */
  services: Set<string>;
  spans: ReceivedSpan[];
  /** The newest sum or count of each metric, by its name. */
  metrics: Map<string, { unit: string; value: number }>;
  stop(): Promise<void>;
}

export async function startCollector(): Promise<Collector> {
  const [services, spans, metrics] = [new Set<string>(), [] as ReceivedSpan[], new Map() as Collector['metrics']];
  const server = http.createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = JSON.parse(Buffer.concat(chunks).toString()) as Json;
    for (const { resource } of [...(body.resourceSpans ?? []), ...(body.resourceMetrics ?? [])]) {
      services.add(String(readAttributes(resource.attributes)['service.name']));
    }
    if (request.url === '/v1/traces') spans.push(...spansIn(body));
    else if (request.url === '/v1/metrics') for (const [name, found] of metricsIn(body)) metrics.set(name, found);
    else response.statusCode = 404;
    response.setHeader('content-type', 'application/json').end('{}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const stop = async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  return { url: `http://127.0.0.1:${port}`, services, spans, metrics, stop };
}

function spansIn(body: Json): ReceivedSpan[] {
  const all: Json[] = body.resourceSpans.flatMap((one: Json) => one.scopeSpans.flatMap((scope: Json) => scope.spans));
  return all.map(({ name, traceId, spanId, parentSpanId, kind, status, ...span }) => ({
    name,
    traceId,
    spanId,
    ...(parentSpanId && { parentSpanId }),
    kind,
    startMs: Number(BigInt(span.startTimeUnixNano) / 1_000_000n),
    endMs: Number(BigInt(span.endTimeUnixNano) / 1_000_000n),
    attributes: readAttributes(span.attributes),
    statusCode: status?.code,
  }));
}

function metricsIn(body: Json): [string, { unit: string; value: number }][] {
  const all: Json[] = body.resourceMetrics.flatMap((one: Json) =>
    one.scopeMetrics.flatMap((scope: Json) => scope.metrics),
  );
  return all.map(({ name, unit, sum, histogram }) => {
    const [point] = (sum ?? histogram).dataPoints;
    return [name, { unit, value: Number(point.asDouble ?? point.asInt ?? point.count) }];
  });
}

function readAttributes(attributes: readonly Json[]): Record<string, unknown> {
  return Object.fromEntries(
    attributes.map(({ key, value }) => [key, value.stringValue ?? Number(value.intValue ?? value.doubleValue)]),
  );
}
