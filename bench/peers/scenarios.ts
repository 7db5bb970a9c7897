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

/** What is measured, and what was. Of several, each event goes to the next in turn, so that no slow minute favours one. */
export interface Side {
  scene: Scene;
  figures: Figures;
}

type Scenario = (sides: readonly Side[], durations: Durations) => Promise<void>;

/** By name, in the order in which they are measured when nobody names some. The bare floor has no endpoints, and knows those of one only. */
const SCENARIOS: Readonly<Record<string, Scenario>> = {
  lat50: (sides, { seconds }) => steady(sides, { name: '50/s', rate: 50, endpoints: 1, seconds }),
  lat200: (sides, { seconds }) => steady(sides, { name: '200/s', rate: 200, endpoints: 1, seconds }),
  fan10: (sides, { seconds }) =>
    steady(sides.filter(hasService), { name: '10 endpoints', rate: 20, endpoints: 10, seconds }),
  fan1000: (sides) => fanOut(sides.filter(hasService)),
  sat: async (sides, { seconds }) => {
    for (const side of sides) await saturation(side, seconds);
  },
};

export const SCENARIO_NAMES: readonly string[] = Object.keys(SCENARIOS);

/** Measures in the named scenarios. */
export async function measureSides(
  sides: readonly Side[],
  names: readonly string[],
  durations: Durations,
): Promise<void> {
  await sleep(sides.some(hasService) ? IDLE_MS : 0);
  noteMemory(sides, 'idle memory (PSS), MB');
  for (const name of names) await SCENARIOS[name]?.(sides, durations);
  noteMemory(sides, 'memory (PSS) afterwards, MB');
}

function hasService({ scene }: Side): boolean {
  return scene.service !== undefined;
}

/** Of services beside each other nothing: they share the pages of Node's program. */
function noteMemory([side, ...others]: readonly Side[], name: string): void {
  if (side?.scene.service && others.length === 0) side.figures.set(name, proportionalMegabytes(side.scene.service.pid));
}

interface Steady {
  name: string;
  rate: number;
  endpoints: number;
  seconds: number;
}

/** The rate is that of each side. */
async function steady(sides: readonly Side[], { name, rate, endpoints, seconds }: Steady): Promise<void> {
  const runs = await Promise.all(
    sides.map(async (side) => ({ ...side, poster: await side.scene.newTenant(endpoints), usedBefore: 0 })),
  );
  const turns = async (duration: number, from: number) => {
    const madeAt = await atSteadyRate(rate * runs.length, duration, (n) =>
      accepted(runs[n % runs.length] as (typeof runs)[number], from + Math.floor(n / runs.length)),
    );
    const atEnd = from + madeAt.length / runs.length;
    for (const { scene } of runs) await scene.receiver.until(atEnd * endpoints, QUIET_SECONDS);
    return madeAt;
  };
  const warm = rate * WARM_UP_SECONDS;
  await turns(WARM_UP_SECONDS, 0);
  for (const run of runs) run.usedBefore = used(run.scene);
  const all = await turns(seconds, warm);
  for (const [place, { scene, figures, usedBefore }] of runs.entries()) {
    const madeAt = all.filter((_, n) => n % runs.length === place);
    const times = madeAt.flatMap((at, n) => arrivalsOf(scene, warm + n, endpoints).map((arrived) => arrived - at));
    noteLosses(figures, scene, madeAt.length * endpoints - times.length);
    figures.set(`${name}: p50, ms`, quantile(times, 0.5));
    figures.set(`${name}: p95, ms`, quantile(times, 0.95));
    figures.set(`${name}: CPU-s a 1,000`, ((used(scene) - usedBefore) / times.length) * 1000);
  }
}

async function fanOut(sides: readonly Side[]): Promise<void> {
  const runs = [];
  for (const side of sides) runs.push({ ...side, poster: await side.scene.newTenant(MANY), lasts: [] as number[] });
  for (let n = 0; n < FAN_OUTS; n += 1) {
    for (const { scene, figures, poster, lasts } of runs) {
      await sleep(SETTLE_MS);
      const at = performance.now();
      await accepted({ poster }, n);
      await scene.receiver.until((n + 1) * MANY, QUIET_SECONDS);
      const arrived = arrivalsOf(scene, n, MANY);
      noteLosses(figures, scene, MANY - arrived.length);
      if (n > 0) lasts.push(Math.max(...arrived) - at);
    }
  }
  for (const { figures, lasts } of runs) figures.set('1 event to 1,000 endpoints: last, ms', quantile(lasts, 0.5));
}

async function saturation({ scene, figures }: Side, seconds: number): Promise<void> {
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

async function accepted({ poster }: { poster: Poster }, n: number): Promise<void> {
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
