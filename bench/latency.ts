import { Arrivals } from './arrivals.ts';
import { BareLoop } from './bare-loop.ts';
import { startMeasuredService } from './embedded-service.ts';
import { describeTimes } from './quantiles.ts';
import { ServiceClient } from './service-client.ts';
import { atSteadyRate } from './steady-rate.ts';

const RATES = [50, 200];
const WARM_UP_EVENTS = 300;
const CONCURRENT_POSTS = 64;

/** Posts one event, carrying the number that the receiver will see. */
type Post = (n: number) => Promise<void>;

/** From the start of the post to the arrival at the receiver, in milliseconds, at a steady rate. */
async function timesAt(rate: number, seconds: number, arrivals: Arrivals, post: Post): Promise<number[]> {
  arrivals.at.clear();
  const posted = await atSteadyRate(rate, seconds, post);
  await arrivals.until(posted.length, 10_000);
  if (arrivals.at.size < posted.length) throw new Error(`${posted.length - arrivals.at.size} events did not arrive`);
  return posted.map((at, n) => (arrivals.at.get(n) ?? Number.NaN) - at);
}

/** Arrivals per second while {@link CONCURRENT_POSTS} posts are always in flight. */
async function saturate(seconds: number, arrivals: Arrivals, post: Post): Promise<number> {
  arrivals.at.clear();
  const start = performance.now();
  const end = start + seconds * 1000;
  let n = 0;
  const worker = async () => {
    while (performance.now() < end) {
      n += 1;
      await post(n);
    }
  };
  await Promise.all(Array.from({ length: CONCURRENT_POSTS }, worker));
  await arrivals.until(n, 30_000);
  if (arrivals.at.size < n) throw new Error(`${n - arrivals.at.size} events did not arrive`);
  return n / ((Math.max(...arrivals.at.values()) - start) / 1000);
}

/** Publish-to-receive times beside a bare loop of signing and posting, in the same run. */
export async function benchLatency(seconds: number): Promise<void> {
  const arrivals = new Arrivals();
  const receiver = `${await arrivals.start()}/hook`;
  const service = await startMeasuredService();
  const client = new ServiceClient(service, CONCURRENT_POSTS);
  const bare = new BareLoop(receiver);
  try {
    await client.post('/v1/endpoints', { url: receiver, events: ['*'] });
    const throughPostrider: Post = (n) => client.post('/v1/events', { type: 'bench.event', data: { n } });
    const throughBareLoop: Post = (n) => bare.post(JSON.stringify({ n }));
    for (let n = 0; n < WARM_UP_EVENTS; n += 1) await throughPostrider(n);

    for (const rate of RATES) {
      const own = await timesAt(rate, seconds, arrivals, throughPostrider);
      const loop = await timesAt(rate, seconds, arrivals, throughBareLoop);
      console.log(`${String(rate).padStart(4)} events/s   Postrider   ${describeTimes(own)}`);
      console.log(`                bare loop   ${describeTimes(loop)}`);
    }
    const own = await saturate(seconds, arrivals, throughPostrider);
    const loop = await saturate(seconds, arrivals, throughBareLoop);
    console.log(`saturation      Postrider   ${own.toFixed(0)} deliveries/s`);
    console.log(
      `                bare loop   ${loop.toFixed(0)} requests/s   (${(loop / own).toFixed(1)} times as many, without keeping anything)`,
    );
  } finally {
    client.close();
    bare.close();
    arrivals.stop();
    await service.stop();
  }
}
