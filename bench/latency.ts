import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { BareLoop } from './bare-loop.ts';
import { startMeasuredService } from './embedded-service.ts';
import { describeTimes } from './quantiles.ts';

const RATES = [50, 200];
const WARM_UP_EVENTS = 300;
const POSTS_AT_ONCE = 64;

/** Posts one event, carrying the number that the receiver will see. */
type Post = (n: number) => Promise<void>;

/** A receiver that notes when each numbered event arrived. */
class Arrivals {
  readonly at = new Map<number, number>();
  readonly #server = http.createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
    request.on('end', () => {
      const n = Number(/"n":(\d+)/.exec(body)?.[1]);
      if (!this.at.has(n)) this.at.set(n, performance.now());
      response.end();
    });
  });

  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/hook`;
  }

  async until(count: number, ms: number): Promise<void> {
    for (const end = performance.now() + ms; this.at.size < count && performance.now() < end;) {
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }

  stop(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}

/** From the start of the post to the arrival at the receiver, in milliseconds, at a steady rate. */
async function timesAt(rate: number, seconds: number, arrivals: Arrivals, post: Post): Promise<number[]> {
  arrivals.at.clear();
  const posted: number[] = [];
  const posts: Promise<void>[] = [];
  const start = performance.now();
  for (let n = 0; n < rate * seconds; n += 1) {
    const due = start + (n * 1000) / rate;
    const wait = due - performance.now();
    if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
    posted[n] = performance.now();
    posts.push(post(n));
  }
  await Promise.all(posts);
  await arrivals.until(posted.length, 10_000);
  if (arrivals.at.size < posted.length) throw new Error(`${posted.length - arrivals.at.size} events did not arrive`);
  return posted.map((at, n) => (arrivals.at.get(n) ?? Number.NaN) - at);
}

/** Arrivals a second while so many posts are always under way. */
async function saturate(seconds: number, arrivals: Arrivals, post: Post): Promise<number> {
  arrivals.at.clear();
  const end = performance.now() + seconds * 1000;
  const start = performance.now();
  let n = 0;
  const worker = async () => {
    while (performance.now() < end) {
      n += 1;
      await post(n);
    }
  };
  await Promise.all(Array.from({ length: POSTS_AT_ONCE }, worker));
  await arrivals.until(n, 30_000);
  if (arrivals.at.size < n) throw new Error(`${n - arrivals.at.size} events did not arrive`);
  return n / ((Math.max(...arrivals.at.values()) - start) / 1000);
}

export async function benchLatency(seconds: number): Promise<void> {
  const arrivals = new Arrivals();
  const receiver = await arrivals.start();
  const service = await startMeasuredService();
  const bare = new BareLoop(receiver);
  const agent = new http.Agent({ keepAlive: true, maxSockets: POSTS_AT_ONCE });
  const send = (path: string, body: unknown) => postJson(agent, service, path, body);
  try {
    await send('/v1/endpoints', { url: receiver, events: ['*'] });
    const throughPostrider: Post = (n) => send('/v1/events', { type: 'bench.event', data: { n } });
    const throughBareLoop: Post = (n) => bare.post(JSON.stringify({ n }));
    for (let n = 0; n < WARM_UP_EVENTS; n += 1) await throughPostrider(n);

    for (const rate of RATES) {
      const [own, loop] = [
        await timesAt(rate, seconds, arrivals, throughPostrider),
        await timesAt(rate, seconds, arrivals, throughBareLoop),
      ];
      console.log(`${String(rate).padStart(4)} events/s   Postrider   ${describeTimes(own)}`);
      console.log(`                bare loop   ${describeTimes(loop)}`);
    }
    const [own, loop] = [
      await saturate(seconds, arrivals, throughPostrider),
      await saturate(seconds, arrivals, throughBareLoop),
    ];
    console.log(`saturation      Postrider   ${own.toFixed(0)} deliveries/s`);
    console.log(
      `                bare loop   ${loop.toFixed(0)} requests/s   (${(loop / own).toFixed(1)} times as many, without keeping anything)`,
    );
  } finally {
    agent.destroy();
    bare.close();
    arrivals.stop();
    await service.stop();
  }
}

function postJson(
  agent: http.Agent,
  service: { url: string; apiKey: string },
  path: string,
  body: unknown,
): Promise<void> {
  const text = JSON.stringify(body);
  const headers = {
    authorization: `Bearer ${service.apiKey}`,
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(text),
  };
  return new Promise((resolve, reject) => {
    const request = http.request(`${service.url}${path}`, { method: 'POST', agent, headers }, (response) => {
      response.resume().on('end', () => {
        if ((response.statusCode ?? 500) < 300) resolve();
        else reject(new Error(`${path} was answered ${response.statusCode}`));
      });
    });
    request.on('error', reject).end(text);
  });
}
