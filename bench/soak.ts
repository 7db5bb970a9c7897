import { execFileSync } from 'node:child_process';
import { Arrivals } from './arrivals.ts';
import { startMeasuredService } from './embedded-service.ts';
import { describeTimes } from './quantiles.ts';
import { ServiceClient } from './service-client.ts';
import { atSteadyRate } from './steady-rate.ts';

const RATE = 100;
const ENDPOINTS = 10;
const DEAD = 0;
const SAMPLE_MS = 5000;

interface Sample {
  minute: number;
  megabytes: number;
}

/** A hundred events a second for minutes, a tenth of them to a dead endpoint: healthy times, refused and lost events, memory. */
export async function benchSoak(minutes: number): Promise<void> {
  const arrivals = new Arrivals();
  const receiver = await arrivals.start();
  arrivals.behaviour.set(`/${DEAD}`, { status: 503 });
  const service = await startMeasuredService();
  const client = new ServiceClient(service, 64);
  const samples: Sample[] = [];
  const start = performance.now();
  const sampling = setInterval(() => {
    samples.push({ minute: (performance.now() - start) / 60_000, megabytes: residentMegabytes(service.pid) });
  }, SAMPLE_MS);
  try {
    for (let n = 0; n < ENDPOINTS; n += 1) {
      await client.post('/v1/endpoints', {
        url: `${receiver}/${n}`,
        events: [`bench.e${n}`],
        retry: { delays: [5, 30, 60] },
      });
    }
    const refused = new Map<number, unknown>();
    const post = (n: number) =>
      client
        .post('/v1/events', { type: `bench.e${n % ENDPOINTS}`, data: { n } })
        .catch((error: unknown) => void refused.set(n, error));
    const posted = await atSteadyRate(RATE, minutes * 60, post);
    const isHealthy = (n: number) => n % ENDPOINTS !== DEAD && !refused.has(n);
    const healthy = posted.map((at, n) => ({ at, n })).filter(({ n }) => isHealthy(n));
    await arrivals.until(healthy.length, 20_000);
    const lost = healthy.filter(({ n }) => !arrivals.at.has(n)).length;
    const times = healthy.filter(({ n }) => arrivals.at.has(n)).map(({ at, n }) => (arrivals.at.get(n) ?? 0) - at);
    console.log(`healthy   ${describeTimes(times)}`);
    console.log(`refused   ${refused.size} of ${posted.length}`, ...refused.values().take(1).map(String));
    console.log(`lost      ${lost} of ${healthy.length}`);
    const settled = samples.slice(Math.floor(samples.length / 3));
    console.log(
      `memory    ${samples.at(-1)?.megabytes.toFixed(0)} MB, slope ${slope(settled).toFixed(2)} MB a minute after the first third`,
    );
  } finally {
    clearInterval(sampling);
    client.close();
    arrivals.stop();
    await service.stop();
  }
}

function residentMegabytes(pid: number): number {
  return Number(execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' })) / 1024;
}

/** Least squares. */
function slope(samples: readonly Sample[]): number {
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [x, y] = [mean(samples.map(({ minute }) => minute)), mean(samples.map(({ megabytes }) => megabytes))];
  const covariance = samples.reduce((sum, { minute, megabytes }) => sum + (minute - x) * (megabytes - y), 0);
  return covariance / samples.reduce((sum, { minute }) => sum + (minute - x) ** 2, 0);
}
