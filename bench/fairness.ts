import { Arrivals } from './arrivals.ts';
import { startMeasuredService } from './embedded-service.ts';
import { describeTimes, quantile } from './quantiles.ts';
import { ServiceClient } from './service-client.ts';
import { atSteadyRate } from './steady-rate.ts';

const QUIET_TENANTS = 20;
const QUIET_RATE = 0.3;
/** A hundred times one quiet tenant's. */
const NOISY_RATE = 30;
const SLOW_MS = 9000;
const NOISY = 'org_noisy';

/** The numbers of the noisy tenant's events, far from the others'. */
const NOISY_NUMBERS = 1_000_000;

/**
 * One tenant posts at a hundred times each other's rate to an endpoint that takes nine seconds, below saturation: what
 * do the others notice? Their times without it and with it, in one run.
 */
export async function benchFairness(seconds: number): Promise<void> {
  const arrivals = new Arrivals();
  const receiver = await arrivals.start();
  arrivals.behaviour.set('/slow', { delayMs: SLOW_MS });
  const service = await startMeasuredService();
  const client = new ServiceClient(service, 128);
  const quiet = (n: number) => `org_quiet_${n % QUIET_TENANTS}`;
  try {
    await client.post('/v1/endpoints', { url: `${receiver}/slow`, events: ['*'], timeout_seconds: 30 }, NOISY);
    for (let n = 0; n < QUIET_TENANTS; n += 1) {
      await client.post('/v1/endpoints', { url: `${receiver}/quick`, events: ['*'] }, quiet(n));
    }
    const event = (n: number) => ({ type: 'bench.event', data: { n } });
    const measure = async () => {
      arrivals.at.clear();
      const rate = QUIET_RATE * QUIET_TENANTS;
      const posted = await atSteadyRate(rate, seconds, (n) => client.post('/v1/events', event(n), quiet(n)));
      await arrivals.until(posted.length, 10_000);
      return posted.map((at, n) => (arrivals.at.get(n) ?? Number.NaN) - at);
    };
    await measure();
    const alone = await measure();
    console.log(`alone            ${describeTimes(alone)}`);

    const flood = atSteadyRate(NOISY_RATE, seconds + 20, (n) =>
      client.post('/v1/events', event(NOISY_NUMBERS + n), NOISY),
    );
    // The slow requests pile up first: 30 a second of 9 s each are 270 at once.
    await new Promise((resolve) => setTimeout(resolve, 12_000));
    const besides = await measure();
    await flood;
    console.log(`beside a flood   ${describeTimes(besides)}`);
    console.log(`ratio of p99     ${(quantile(besides, 0.99) / quantile(alone, 0.99)).toFixed(2)}`);
  } finally {
    client.close();
    arrivals.stop();
    await service.stop();
  }
}
