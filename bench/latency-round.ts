import { Arrivals, sleep } from './arrivals.ts';
import { startMeasuredService } from './embedded-service.ts';
import { processorSeconds, proportionalMegabytes } from './process-figures.ts';
import { quantile } from './quantiles.ts';
import { ServiceClient } from './service-client.ts';
import { atSteadyRate } from './steady-rate.ts';

export const RATES = [50, 200];
export const CONCURRENT_POSTS = 64;
const WARM_UP_EVENTS = 300;
const SETTLE_MS = 1000;

/** Posts one event, carrying the number that the receiver will see. */
export type Post = (n: number) => Promise<void>;

/** What was measured of a service, by the name of the figure, with its unit. */
export type Figures = Map<string, number>;

/** From the start of the post to the arrival at the receiver, in milliseconds, at a steady rate. */
export async function timesAt(rate: number, seconds: number, arrivals: Arrivals, post: Post): Promise<number[]> {
  arrivals.at.clear();
  const posted = await atSteadyRate(rate, seconds, post);
  await arrivals.until(posted.length, 10_000);
  if (arrivals.at.size < posted.length) throw new Error(`${posted.length - arrivals.at.size} events did not arrive`);
  return posted.map((at, n) => (arrivals.at.get(n) ?? Number.NaN) - at);
}

/** What came of {@link CONCURRENT_POSTS} posts that were always in flight. */
export interface Saturation {
  /** Arrivals per second, until the last one. */
  perSecond: number;
  /** Events that were posted and had not arrived when posting ended. */
  backlog: number;
  /** From the start of each post to its arrival, in milliseconds. */
  times: number[];
}

export async function saturate(seconds: number, arrivals: Arrivals, post: Post): Promise<Saturation> {
  arrivals.at.clear();
  const postedAt: number[] = [];
  const start = performance.now();
  const end = start + seconds * 1000;
  const worker = async () => {
    while (performance.now() < end) await post(postedAt.push(performance.now()) - 1);
  };
  await Promise.all(Array.from({ length: CONCURRENT_POSTS }, worker));
  const backlog = postedAt.length - arrivals.at.size;
  await arrivals.until(postedAt.length, 60_000);
  if (arrivals.at.size < postedAt.length) throw new Error(`${postedAt.length - arrivals.at.size} did not arrive`);
  const times = postedAt.map((at, n) => (arrivals.at.get(n) ?? Number.NaN) - at);
  return { perSecond: postedAt.length / ((Math.max(...arrivals.at.values()) - start) / 1000), backlog, times };
}

/**
 * Starts a service, measures it at each rate and at saturation, and stops it.
 * @param root the checkout that it runs from
 */
export async function measureRound(root: string, seconds: number): Promise<Figures> {
  await using cleanup = new AsyncDisposableStack();
  const arrivals = new Arrivals();
  const receiver = `${await arrivals.start()}/hook`;
  cleanup.defer(() => arrivals.stop());
  const service = await startMeasuredService(root);
  cleanup.defer(() => service.stop());
  const client = new ServiceClient(service, CONCURRENT_POSTS);
  cleanup.defer(() => client.close());
  const post: Post = (n) => client.post('/v1/events', { type: 'bench.event', data: { n } });

  await client.post('/v1/endpoints', { url: receiver, events: ['*'] });
  await sleep(SETTLE_MS);
  const figures: Figures = new Map([['idle memory (PSS), MB', proportionalMegabytes(service.pid)]]);
  for (let n = 0; n < WARM_UP_EVENTS; n += 1) await post(n);
  for (const rate of RATES) {
    const before = processorSeconds(service.pid);
    const times = await timesAt(rate, seconds, arrivals, post);
    figures.set(`${rate}/s: p95, ms`, quantile(times, 0.95));
    figures.set(`${rate}/s: CPU-s a 1,000`, perThousand(processorSeconds(service.pid) - before, times.length));
  }
  const before = processorSeconds(service.pid);
  const { perSecond, backlog, times } = await saturate(seconds, arrivals, post);
  figures.set('saturation: delivered/s', perSecond);
  figures.set('saturation: backlog after posting', backlog);
  figures.set('saturation: p50, ms', quantile(times, 0.5));
  figures.set('saturation: CPU-s a 1,000', perThousand(processorSeconds(service.pid) - before, times.length));
  return figures;
}

function perThousand(value: number, events: number): number {
  return (value / events) * 1000;
}
