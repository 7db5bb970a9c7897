import { sleep } from '../arrivals.ts';
import { processorSeconds, proportionalMegabytes } from '../process-figures.ts';
import { quantile } from '../quantiles.ts';
import { atSteadyRate } from '../steady-rate.ts';
import type { Poster, Scene } from './scene.ts';

/** What was measured, by the name of the figure, with its unit. */
export type Figures = Map<string, number>;

export interface Durations {
  /** Of each steady rate, and of saturation. */
  seconds: number;
}

const SETTLE_MS = 1500;
/** A service collects its garbage a second after its start. */
const IDLE_MS = 4000;
const CONCURRENT_POSTS = 64;
const QUIET_SECONDS = 20;
const WARM_UP_SECONDS = 3;
const MANY = 1000;
/** The first warms up. */
const FAN_OUTS = 4;
const AFTER_REFUSAL_MS = 5;

type Scenario = (scene: Scene, figures: Figures, durations: Durations) => Promise<void>;

/** By name, in the order in which they are measured. The bare floor has no endpoints, and knows those of one only. */
const SCENARIOS: Readonly<Record<string, Scenario>> = {
  lat50: (scene, figures, { seconds }) => steady(scene, figures, { name: '50/s', rate: 50, endpoints: 1, seconds }),
  lat200: (scene, figures, { seconds }) => steady(scene, figures, { name: '200/s', rate: 200, endpoints: 1, seconds }),
  fan10: async (scene, figures, { seconds }) => {
    if (scene.service) await steady(scene, figures, { name: '10 endpoints', rate: 20, endpoints: 10, seconds });
  },
  fan1000: async (scene, figures) => {
    if (scene.service) await fanOut(scene, figures);
  },
  sat: (scene, figures, { seconds }) => saturation(scene, figures, seconds),
};

export const SCENARIO_NAMES: readonly string[] = Object.keys(SCENARIOS);

/** Measures one scene in the named scenarios. */
export async function measureScene(scene: Scene, names: readonly string[], durations: Durations): Promise<Figures> {
  const figures: Figures = new Map();
  await sleep(scene.service ? IDLE_MS : 0);
  if (scene.service) figures.set('idle memory (PSS), MB', proportionalMegabytes(scene.service.pid));
  for (const name of names) await SCENARIOS[name]?.(scene, figures, durations);
  if (scene.service) figures.set('memory (PSS) afterwards, MB', proportionalMegabytes(scene.service.pid));
  return figures;
}

interface Steady {
  name: string;
  rate: number;
  endpoints: number;
  seconds: number;
}

async function steady(scene: Scene, figures: Figures, { name, rate, endpoints, seconds }: Steady): Promise<void> {
  const poster = await scene.newTenant(endpoints);
  const { receiver } = scene;
  const warm = rate * WARM_UP_SECONDS;
  await atSteadyRate(rate, WARM_UP_SECONDS, (n) => accepted(poster, n));
  await receiver.until(warm * endpoints, QUIET_SECONDS);
  const before = used(scene);
  const madeAt = await atSteadyRate(rate, seconds, (n) => accepted(poster, warm + n));
  await receiver.until((warm + madeAt.length) * endpoints, QUIET_SECONDS);
  const times = madeAt.flatMap((at, n) => arrivalsOf(scene, warm + n, endpoints).map((arrived) => arrived - at));
  noteLosses(figures, scene, madeAt.length * endpoints - times.length);
  figures.set(`${name}: p50, ms`, quantile(times, 0.5));
  figures.set(`${name}: p95, ms`, quantile(times, 0.95));
  figures.set(`${name}: CPU-s a 1,000`, ((used(scene) - before) / times.length) * 1000);
}

async function fanOut(scene: Scene, figures: Figures): Promise<void> {
  const poster = await scene.newTenant(MANY);
  const lasts: number[] = [];
  for (let n = 0; n < FAN_OUTS; n += 1) {
    await sleep(SETTLE_MS);
    const at = performance.now();
    await accepted(poster, n);
    await scene.receiver.until((n + 1) * MANY, QUIET_SECONDS);
    const arrived = arrivalsOf(scene, n, MANY);
    noteLosses(figures, scene, MANY - arrived.length);
    if (n > 0) lasts.push(Math.max(...arrived) - at);
  }
  figures.set('1 event to 1,000 endpoints: last, ms', quantile(lasts, 0.5));
}

async function saturation(scene: Scene, figures: Figures, seconds: number): Promise<void> {
  const poster = await scene.newTenant(1);
  const { receiver } = scene;
  const before = used(scene);
  const postedAt = new Map<number, number>();
  const start = performance.now();
  const end = start + seconds * 1000;
  let posts = 0;
  let refused = 0;
  const post = async () => {
    while (performance.now() < end) {
      const n = (posts += 1);
      const at = performance.now();
      if ((await poster.post(n)) < 300) postedAt.set(n, at);
      else {
        refused += 1;
        await sleep(AFTER_REFUSAL_MS);
      }
    }
  };
  await Promise.all(Array.from({ length: CONCURRENT_POSTS }, post));
  const arrivedMeanwhile = receiver.at.size;
  const posted = (performance.now() - start) / 1000;
  await receiver.until(postedAt.size, QUIET_SECONDS);
  const times = [...postedAt].flatMap(([n, at]) => arrivalsOf(scene, n, 1).map((arrived) => arrived - at));
  // Too many to be arguments of Math.max.
  const last = receiver.at.values().reduce((latest, at) => Math.max(latest, at), 0);
  noteLosses(figures, scene, postedAt.size - times.length);
  figures.set('saturation: delivered/s, with the drain', times.length / ((last - start) / 1000));
  figures.set('saturation: delivered/s while posting', arrivedMeanwhile / posted);
  figures.set('saturation: backlog after posting', postedAt.size - arrivedMeanwhile);
  figures.set('saturation: p50, ms', quantile(times, 0.5));
  figures.set('saturation: p95, ms', quantile(times, 0.95));
  figures.set('saturation: posts refused', refused);
  figures.set('saturation: CPU-s a 1,000', ((used(scene) - before) / times.length) * 1000);
}

async function accepted(poster: Poster, n: number): Promise<void> {
  const status = await poster.post(n);
  if (status >= 300) throw new Error(`a post was answered ${status}`);
}

function arrivalsOf({ receiver }: Scene, n: number, endpoints: number): number[] {
  const all = Array.from({ length: endpoints }, (_, path) => receiver.at.get(`${n} /e/${path}`));
  return all.filter((at) => at !== undefined);
}

function used({ service }: Scene): number {
  return service ? processorSeconds(service.pid) : Number.NaN;
}

/** Of all scenarios together. */
function noteLosses(figures: Figures, { receiver }: Scene, lost: number): void {
  figures.set('lost', (figures.get('lost') ?? 0) + lost);
  figures.set('repeated', (figures.get('repeated') ?? 0) + receiver.repeated);
  receiver.repeated = 0;
}
