import { mkdtemp, rm } from 'node:fs/promises';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Service, startService } from '../lib/local/service/service.ts';
import { createEndpoint } from '../lib/pipeline/endpoints/create.ts';
import type { Ports } from '../lib/ports/ports.ts';
import { type Calls, CallCounter } from './counted-ports.ts';

const SIZES = [1, 10, 100, 1_000, 10_000];
const CREATED_AT_ONCE = 250;
const WARM_UP_EVENTS = 50;
/** A small fan-out is measured several times, and the median counts. */
const ROUNDS = 9;
const DELIVERIES_TO_MEASURE = 1_000;
const PATIENCE_MS = 300_000;

const silent = { info: () => {}, warn: () => {}, error: console.error };

/** A receiver with one path per endpoint, which tells when enough requests have arrived. */
class ManyPaths {
  readonly paths = new Set<string>();
  requests = 0;
  #server = http.createServer((request, response) => {
    request.resume().on('end', () => {
      response.end();
      this.paths.add(request.url ?? '');
      this.requests += 1;
    });
  });

  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Resolves when requests to that many paths have arrived. */
  async until(count: number): Promise<void> {
    for (const end = performance.now() + PATIENCE_MS; this.paths.size < count;) {
      if (performance.now() > end) throw new Error(`only ${this.paths.size} of ${count} endpoints were reached`);
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
  }

  reset(): void {
    this.paths.clear();
    this.requests = 0;
  }

  stop(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}

interface Row {
  endpoints: number;
  acceptedMs: number;
  arrivedMs: number;
  requests: number;
  calls: Calls;
}

/** One event to more and more endpoints on the embedded service, on disk: time and calls should stay linear. */
export async function benchFanOut(largest: number): Promise<void> {
  const dataDir = await mkdtemp(join(tmpdir(), 'postrider-bench-'));
  const receiver = new ManyPaths();
  const counter = new CallCounter();
  let ports: Ports | undefined;
  const around = (composed: Ports) => (ports = counter.around(composed));
  const service = await startService({ dataDir, port: 0, log: silent, around });
  try {
    const base = await receiver.start();
    if (!ports) throw new Error('the service was composed without its ports');
    await createEndpoints(ports, base, 'warm-up', 1);
    for (let n = 0; n < WARM_UP_EVENTS; n += 1) await post(service, 'warm-up');
    await settle(service);
    console.log(
      row(['endpoints', '202 after', 'all arrived', 'ms each', 'arrivals/s', 'calls', 'calls each', 'SQS sends each']),
    );
    for (const endpoints of SIZES.filter((size) => size <= largest)) {
      await createEndpoints(ports, base, `fan-out-${endpoints}`, endpoints);
      print(await measureOften(service, receiver, counter, endpoints));
    }
  } finally {
    await service.stop();
    receiver.stop();
    await rm(dataDir, { recursive: true, force: true });
  }
}

async function createEndpoints(ports: Ports, base: string, tenantId: string, count: number): Promise<void> {
  for (let n = 0; n < count; n += CREATED_AT_ONCE) {
    const size = Math.min(CREATED_AT_ONCE, count - n);
    const inputs = Array.from({ length: size }, (_, nth) => ({
      url: `${base}/${tenantId}/${n + nth}`,
      events: ['*'],
      dialect: 'standard',
      timeoutSeconds: 10,
    }));
    await Promise.all(inputs.map((input) => createEndpoint(ports, tenantId, input, count)));
  }
}

async function measureOften(
  service: Service,
  receiver: ManyPaths,
  counter: CallCounter,
  endpoints: number,
): Promise<Row> {
  const rounds = endpoints * ROUNDS <= DELIVERIES_TO_MEASURE ? ROUNDS : 1;
  const rows: Row[] = [];
  for (let round = 0; round < rounds; round += 1) rows.push(await measure(service, receiver, counter, endpoints));
  const byTime = rows.toSorted((a, b) => a.arrivedMs - b.arrivedMs);
  return byTime[Math.floor(rounds / 2)] as Row;
}

async function measure(service: Service, receiver: ManyPaths, counter: CallCounter, endpoints: number): Promise<Row> {
  receiver.reset();
  counter.take();
  const start = performance.now();
  await post(service, `fan-out-${endpoints}`);
  const acceptedMs = performance.now() - start;
  await receiver.until(endpoints);
  const arrivedMs = performance.now() - start;
  await settle(service);
  return { endpoints, acceptedMs, arrivedMs, requests: receiver.requests, calls: counter.take() };
}

/** Until every message has been acknowledged. */
async function settle(service: Service): Promise<void> {
  const left = () =>
    (['deliveries', 'retries', 'slow', 'jobs'] as const).reduce((sum, queue) => {
      const { visible, inFlight, delayed } = service.countMessages(queue);
      return sum + visible + inFlight + delayed;
    }, 0);
  while (left() > 0) await new Promise((resolve) => setTimeout(resolve, 5));
}

async function post(service: Service, tenantId: string): Promise<void> {
  const response = await fetch(`${service.url}/v1/events`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${service.apiKey}`,
      'postrider-tenant': tenantId,
      'content-type': 'application/json',
    },
    body: JSON.stringify({ type: 'bench.event', data: { n: 1 } }),
  });
  if (response.status !== 202) throw new Error(`a post was answered ${response.status}: ${await response.text()}`);
  await response.arrayBuffer();
}

function print({ endpoints, acceptedMs, arrivedMs, requests, calls }: Row): void {
  if (requests !== endpoints) console.log(`${requests - endpoints} endpoints were reached more than once`);
  const cells = [
    endpoints.toLocaleString('en'),
    `${acceptedMs.toFixed(1)} ms`,
    `${arrivedMs.toFixed(1)} ms`,
    (arrivedMs / endpoints).toFixed(3),
    ((endpoints / arrivedMs) * 1000).toFixed(0),
    calls.ports.toLocaleString('en'),
    (calls.ports / endpoints).toFixed(2),
    (calls.sqsBatches / endpoints).toFixed(3),
  ];
  console.log(row(cells));
}

function row(cells: readonly string[]): string {
  return cells.map((cell) => cell.padStart(16)).join('');
}
