import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { type ClosableHttpSender, createHttpSender } from '../lib/adapters/http/http-sender.ts';
import { LOCAL_POLICY } from '../lib/domain/url-policy.ts';
import { quantile } from './quantiles.ts';

const AT_ONCE = 200;
const TIMEOUT_MS = 2000;
/** Healthy requests under way at the same time. */
const HEALTHY_AT_ONCE = 4;

interface Farm {
  healthy: number;
  hostile: Record<string, number>;
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
 * The sender against each kind of hostile server, 200 requests at once, with healthy requests beside them. The servers run
 * in a process of their own, on the same machine.
 */
export async function benchHostile(): Promise<void> {
  const { farm, stop } = await startFarm();
  const sender = createHttpSender({ ...LOCAL_POLICY, maxSockets: 2 * AT_ONCE });
  try {
    await measure(sender, farm, []);
    const alone = quantile((await measure(sender, farm, [])).healthy, 0.95);
    console.log(`healthy alone: p95 ${alone.toFixed(1)} ms\n`);
    console.log(`${'200 at once'.padEnd(50)} over the deadline   memory  processor  healthy p95  to alone`);
    const row = (name: string, { overrunMs, memoryMiB, processor, healthy }: Cost) => {
      const p95 = quantile(healthy, 0.95);
      const cells = [
        `${Math.max(0, overrunMs).toFixed(0)} ms`.padStart(17),
        `${memoryMiB.toFixed(0)} MiB`.padStart(9),
        `${(100 * processor).toFixed(0)} %`.padStart(10),
        `${p95.toFixed(1)} ms`.padStart(12),
        (p95 / alone).toFixed(1).padStart(9),
      ];
      console.log(name.padEnd(50) + cells.join(''));
    };
    for (const [name, port] of Object.entries(farm.hostile)) {
      row(
        name,
        await measure(
          sender,
          farm,
          Array.from({ length: AT_ONCE }, () => port),
        ),
      );
    }
    const ports = Object.values(farm.hostile);
    const mixed = Array.from({ length: AT_ONCE }, (_, n) => ports[n % ports.length] as number);
    row('all kinds together', await measure(sender, farm, mixed));
  } finally {
    await sender.close();
    stop();
  }
}

async function measure(sender: ClosableHttpSender, farm: Farm, ports: readonly number[]): Promise<Cost> {
  globalThis.gc?.();
  const before = { memory: process.memoryUsage.rss(), processor: process.cpuUsage(), at: performance.now() };
  let most = before.memory;
  const watching = setInterval(() => (most = Math.max(most, process.memoryUsage.rss())), 20);
  const until = performance.now() + TIMEOUT_MS;
  const healthy: number[] = [];
  const quiet = async () => {
    while (performance.now() < until) {
      const at = performance.now();
      await send(sender, farm.healthy);
      healthy.push(performance.now() - at);
    }
  };
  const attempts = ports.map((port) => send(sender, port));
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

async function startFarm(): Promise<{ farm: Farm; stop(): void }> {
  const child = spawn(process.execPath, ['bench/hostile-farm.ts'], { stdio: ['pipe', 'pipe', 'inherit'] });
  for await (const line of createInterface({ input: child.stdout })) {
    return { farm: JSON.parse(line) as Farm, stop: () => child.stdin.end() };
  }
  throw new Error('the hostile servers ended before they were ready');
}
