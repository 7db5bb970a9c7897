import { Arrivals, sleep } from './arrivals.ts';
import { startMeasuredService } from './embedded-service.ts';
import { describeTimes, quantile } from './quantiles.ts';
import { ServiceClient } from './service-client.ts';
import { atSteadyRate } from './steady-rate.ts';

const QUIET_TENANTS = 20;
const QUIET_RATE = 20;
const SLOW_MS = 9000;
const HANGS_MS = 60_000;
const LONGEST_WAIT_MS = 15_000;
const NOISY = 'org_noisy';
/** The numbers of the noisy events, far from the others'. */
const NOISY_NUMBERS = 1_000_000;

/** Milliseconds from the post of each quiet event to its arrival. */
type Measure = () => Promise<number[]>;

interface Stage {
  client: ServiceClient;
  receiver: string;
  /** Whose events are measured: of the n-th. */
  quiet(n: number): string;
  /** Starts the noise; the promise settles when it is over. */
  noise(stage: Stage, seconds: number): Promise<unknown>;
  /** Where the noisy events go. */
  path: 'hangs' | 'slow' | 'rarely';
  /** How long the noise piles up before it is measured, milliseconds. */
  pileUpMs: number;
}

const CASES: Record<string, Omit<Stage, 'client' | 'receiver'>> = {
  'another tenant hangs: 600 events at once, no answer within 30 s': {
    quiet: (n) => `org_quiet_${n % QUIET_TENANTS}`,
    noise: async ({ client }) => {
      await atSteadyRate(300, 2, (n) => client.post('/v1/events', eventOf('noisy', NOISY_NUMBERS + n), NOISY));
    },
    path: 'hangs',
    pileUpMs: 2500,
  },
  'the same tenant: an endpoint hangs, with 600 events at once': {
    quiet: () => NOISY,
    noise: async ({ client }) => {
      await atSteadyRate(300, 2, (n) => client.post('/v1/events', eventOf('noisy', NOISY_NUMBERS + n), NOISY));
    },
    path: 'hangs',
    pileUpMs: 2500,
  },
  'another tenant hangs in one request of ten, so that it is never noted as slow: 30 a second': {
    quiet: (n) => `org_quiet_${n % QUIET_TENANTS}`,
    noise: ({ client }, seconds) =>
      atSteadyRate(30, seconds + 20, (n) => client.post('/v1/events', eventOf('noisy', NOISY_NUMBERS + n), NOISY)),
    path: 'rarely',
    pileUpMs: 12_000,
  },
  'the same tenant: an endpoint that takes 9 s has a tenth of its traffic': {
    quiet: () => NOISY,
    noise: ({ client }, seconds) =>
      atSteadyRate(20, seconds + 20, (n) =>
        client.post('/v1/events', eventOf(n % 10 === 0 ? 'noisy' : 'idle', NOISY_NUMBERS + n), NOISY),
      ),
    path: 'slow',
    pileUpMs: 12_000,
  },
  // 30 a second of 9 s each are 270 at once.
  'another tenant floods an endpoint that takes 9 s, with 30 times the rate of each other tenant': {
    quiet: (n) => `org_quiet_${n % QUIET_TENANTS}`,
    noise: ({ client }, seconds) =>
      atSteadyRate(30, seconds + 20, (n) => client.post('/v1/events', eventOf('noisy', NOISY_NUMBERS + n), NOISY)),
    path: 'slow',
    pileUpMs: 12_000,
  },
};

/** What is measured in each round. */
const PHASES = ['alone', 'beside traffic', 'beside slowness'] as const;
type Phase = (typeof PHASES)[number];
type Times = Record<Phase, number[]>;

/**
 * What others notice of a slow endpoint: their times alone, beside the same traffic when it is answered at once, and
 * beside the slow endpoint. Each round measures all three, because a 99th percentile of a busy machine says little.
 * @param only a part of the name of the cases to run; absent: all
 */
export async function benchFairness(seconds: number, rounds: number, only = ''): Promise<void> {
  for (const [name, stage] of Object.entries(CASES).filter(([one]) => one.includes(only))) {
    console.log(`\n${name}`);
    const measured = await runCase(stage, seconds, rounds);
    for (const phase of PHASES) {
      console.log(`${phase.padEnd(16)} ${describeTimes(measured.flatMap((round) => round[phase]))}`);
    }
    const p99 = (round: Times, phase: Phase) => quantile(round[phase], 0.99);
    const ratio = (to: Phase) =>
      quantile(
        measured.map((round) => p99(round, 'beside slowness') / p99(round, to)),
        0.5,
      ).toFixed(2);
    const each = measured.map((round) => p99(round, 'beside slowness').toFixed(0)).join(', ');
    console.log(`p99 of each round beside slowness: ${each} ms`);
    console.log(
      `median ratio of p99: to alone ${ratio('alone')}, to the same traffic answered at once ${ratio('beside traffic')}`,
    );
  }
}

async function runCase(stage: Omit<Stage, 'client' | 'receiver'>, seconds: number, rounds: number): Promise<Times[]> {
  const arrivals = new Arrivals();
  const receiver = await arrivals.start();
  const service = await startMeasuredService();
  const client = new ServiceClient(service, 128);
  const slowness = [
    ['/hangs', { delayMs: HANGS_MS }],
    ['/slow', { delayMs: SLOW_MS }],
    ['/rarely', { delayMs: HANGS_MS, every: 10 }],
  ] as const;
  try {
    const measure = await prepare({ ...stage, client, receiver }, arrivals, seconds);
    const beside = async () => {
      const noise = stage.noise({ ...stage, client, receiver }, seconds);
      await sleep(stage.pileUpMs);
      const times = await measure();
      await noise;
      return times;
    };
    await measure();
    const measured: Times[] = [];
    for (let round = 0; round < rounds; round += 1) {
      const alone = await measure();
      const besideTraffic = await beside();
      for (const [path, behaviour] of slowness) arrivals.behaviour.set(path, behaviour);
      measured.push({ alone, 'beside traffic': besideTraffic, 'beside slowness': await beside() });
      for (const [path] of slowness) arrivals.behaviour.delete(path);
      if (round + 1 < rounds) await sleep(SLOW_MS);
    }
    return measured;
  } finally {
    client.close();
    arrivals.stop();
    await service.stop();
  }
}

/** The endpoints of a case, and what measures its quiet events. */
async function prepare({ client, receiver, quiet, path }: Stage, arrivals: Arrivals, seconds: number) {
  await client.post('/v1/endpoints', { url: `${receiver}/${path}`, events: ['noisy'], timeout_seconds: 30 }, NOISY);
  await client.post('/v1/endpoints', { url: `${receiver}/idle`, events: ['idle'] }, NOISY);
  for (const tenant of new Set(Array.from({ length: QUIET_TENANTS }, (_, n) => quiet(n))))
    await client.post('/v1/endpoints', { url: `${receiver}/quick`, events: ['quick'] }, tenant);
  const measure: Measure = async () => {
    arrivals.at.clear();
    const posted = await atSteadyRate(QUIET_RATE, seconds, (n) =>
      client.post('/v1/events', eventOf('quick', n), quiet(n)),
    );
    const last = performance.now() + LONGEST_WAIT_MS;
    while (posted.some((_, n) => !arrivals.at.has(n)) && performance.now() < last) await sleep(5);
    return posted.map((at, n) => (arrivals.at.get(n) ?? Number.POSITIVE_INFINITY) - at);
  };
  return measure;
}

function eventOf(type: string, n: number) {
  return { type, data: { n } };
}
