import { resolve } from 'node:path';
import { Arrivals } from './arrivals.ts';
import { BareLoop } from './bare-loop.ts';
import { startMeasuredService } from './embedded-service.ts';
import { CONCURRENT_POSTS, type Figures, type Post, RATES, measureRound, saturate, timesAt } from './latency-round.ts';
import { describeTimes, quantile } from './quantiles.ts';
import { ServiceClient } from './service-client.ts';

const WARM_UP_EVENTS = 300;

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
    console.log(`saturation      Postrider   ${own.perSecond.toFixed(0)} deliveries/s`);
    console.log(
      `                bare loop   ${loop.perSecond.toFixed(0)} requests/s   (${(loop.perSecond / own.perSecond).toFixed(1)} times as many, without keeping anything)`,
    );
  } finally {
    client.close();
    bare.close();
    arrivals.stop();
    await service.stop();
  }
}

/**
 * This checkout beside another one, in turns, because a machine's speed changes from minute to minute: the medians of all
 * rounds, and their ratio.
 * @param other the folder of a checkout, with its packages installed
 */
export async function compareLatency(other: string, seconds: number, rounds: number): Promise<void> {
  const own: Figures[] = [];
  const others: Figures[] = [];
  for (let round = 0; round < rounds; round += 1) {
    others.push(await measureRound(resolve(other), seconds));
    own.push(await measureRound(process.cwd(), seconds));
  }
  console.log(row('', 'other', 'this', 'ratio'));
  for (const name of own[0]?.keys() ?? []) {
    const [before, now] = [medianOf(others, name), medianOf(own, name)];
    console.log(row(name, before.toFixed(2), now.toFixed(2), (now / before).toFixed(2)));
  }
}

function medianOf(rounds: readonly Figures[], name: string): number {
  return quantile(
    rounds.map((figures) => figures.get(name) ?? Number.NaN),
    0.5,
  );
}

function row(name: string, ...cells: string[]): string {
  return name.padEnd(36) + cells.map((cell) => cell.padStart(10)).join('');
}
