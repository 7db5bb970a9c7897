import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { type ClosableHttpSender, createHttpSender } from '../lib/adapters/http/http-sender.ts';
import { LOCAL_POLICY } from '../lib/domain/url-policy.ts';
import { quantile } from './quantiles.ts';

const AT_ONCE = 200;
const TIMEOUT_MS = 2000;
/** Healthy requests under way at the same time. */
const HEALTHY_AT_ONCE = 4;

/** Servers in a process of their own. */
interface Farm {
  /** By name. */
  ports: Record<string, number>;
  stop(): void;
}

interface Bench {
  sender: ClosableHttpSender;
  /** The healthy server's port. */
  healthy: number;
}

/** What one kind of server cost. */
interface Cost {
  /** Milliseconds of the healthy requests. */
  healthy: number[];
  /** Most milliseconds that an attempt ended after its deadline. */
  overrunMs: number;
  /** Most MiB beyond those before. */
  memoryMiB: number;
  /** Processor time as a share of the time that passed. */
  processor: number;
}

/**
 * The sender against each kind of hostile server, 200 requests at once, with healthy requests beside them, and right before
 * that the healthy ones alone: what else the machine does then changes less. The servers run in two processes of their own,
 * on the same machine.
 * @param only the name of one kind; absent: all
 */
export async function benchHostile(rounds: number, only?: string): Promise<void> {
  const [hostile, healthy] = await Promise.all([startFarm('hostile'), startFarm('healthy')]);
  const sender = createHttpSender({ ...LOCAL_POLICY, maxSockets: 2 * AT_ONCE });
  const bench: Bench = { sender, healthy: healthy.ports['healthy'] as number };
  const ports = Object.values(hostile.ports);
  const kinds: [string, number[]][] = Object.entries(hostile.ports).map(([name, port]) => [name, atOnce([port])]);
  kinds.push(['all kinds together', atOnce(ports)]);
  try {
    // What a first exchange compiles and allocates is not the cost of a server.
    await measure(bench, []);
    // Before any other kind has made the heap grow, into which later ones would fit.
    const ordinary = await measure(bench, atOnce([bench.healthy]));
    console.log(`in a new process: 200 ordinary ones at once ${ordinary.memoryMiB.toFixed(0)} MiB`);
    const { memoryMiB } = await measure(bench, atOnce(ports));
    console.log(`                  then 200 of all kinds     ${memoryMiB.toFixed(0)} MiB more\n`);
    console.log(`${'200 at once'.padEnd(50)} over the deadline   memory  processor  healthy p95    alone     ratio`);
    for (const [name, some] of kinds) {
      if (only === undefined || only === name) await row(bench, { name, ports: some, rounds });
    }
  } finally {
    await sender.close();
    hostile.stop();
    healthy.stop();
  }
}

function atOnce(ports: readonly number[]): number[] {
  return Array.from({ length: AT_ONCE }, (_, n) => ports[n % ports.length] as number);
}

/** The median of the rounds in each column; the ratio is that of each round. */
async function row(
  bench: Bench,
  { name, ports, rounds }: { name: string; ports: number[]; rounds: number },
): Promise<void> {
  const seen: (Cost & { p95: number; alone: number })[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const alone = quantile((await measure(bench, [])).healthy, 0.95);
    const cost = await measure(bench, ports);
    seen.push({ ...cost, alone, p95: quantile(cost.healthy, 0.95) });
  }
  const median = (of: (one: (typeof seen)[number]) => number) => quantile(seen.map(of), 0.5);
  const cells = [
    `${Math.max(
      0,
      median(({ overrunMs }) => overrunMs),
    ).toFixed(0)} ms`.padStart(17),
    `${median(({ memoryMiB }) => memoryMiB).toFixed(0)} MiB`.padStart(9),
    `${(100 * median(({ processor }) => processor)).toFixed(0)} %`.padStart(10),
    `${median(({ p95 }) => p95).toFixed(1)} ms`.padStart(12),
    `${median(({ alone }) => alone).toFixed(1)} ms`.padStart(9),
    median(({ p95, alone }) => p95 / alone)
      .toFixed(1)
      .padStart(10),
  ];
  console.log(name.padEnd(50) + cells.join(''));
}

async function measure({ sender, healthy: healthyPort }: Bench, ports: readonly number[]): Promise<Cost> {
  globalThis.gc?.();
  const before = { memory: process.memoryUsage.rss(), processor: process.cpuUsage(), at: performance.now() };
  let most = before.memory;
  const watching = setInterval(() => (most = Math.max(most, process.memoryUsage.rss())), 20);
  const attempts = ports.map((port) => send(sender, port));
  const until = performance.now() + TIMEOUT_MS;
  const healthy: number[] = [];
  const quiet = async () => {
    while (performance.now() < until) {
      const at = performance.now();
      await send(sender, healthyPort);
      healthy.push(performance.now() - at);
    }
  };
  await Promise.all(Array.from({ length: HEALTHY_AT_ONCE }, quiet));
  const durations = (await Promise.all(attempts)).map(({ durationMs }) => durationMs);
  clearInterval(watching);
  const { user, system } = process.cpuUsage(before.processor);
  return {
    healthy,
    overrunMs: Math.max(0, ...durations) - TIMEOUT_MS,
    memoryMiB: (most - before.memory) / 2 ** 20,
    processor: (user + system) / 1000 / (performance.now() - before.at),
  };
}

function send(sender: ClosableHttpSender, port: number) {
  return sender.send({
    url: `http://127.0.0.1:${port}/`,
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: new TextEncoder().encode('{"type":"task.completed"}'),
    timeoutMs: TIMEOUT_MS,
    maxResponseBytes: 1024,
  });
}

async function startFarm(kind: 'hostile' | 'healthy'): Promise<Farm> {
  const child = spawn(process.execPath, ['bench/hostile-farm.ts', kind], { stdio: ['pipe', 'pipe', 'inherit'] });
  for await (const line of createInterface({ input: child.stdout })) {
    return { ports: JSON.parse(line) as Farm['ports'], stop: () => child.stdin.end() };
  }
  throw new Error(`the ${kind} servers ended before they were ready`);
}
