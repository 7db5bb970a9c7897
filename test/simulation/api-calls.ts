import type { Ending, SimulatedProcess } from './process.ts';
import type { Simulation } from './simulation.ts';

export const TENANT = 'org_sim';
/** The timeout of ingest, the longest among the functions behind the HTTP API, in milliseconds. */
export const API_TIMEOUT = 28_000;

/** One call of the API, in a process that may die during it. An unexpected error is a violation. */
export async function call<T>(
  simulation: Simulation,
  name: string,
  work: (worker: SimulatedProcess) => Promise<T>,
): Promise<Ending<T>> {
  const { scheduler, trace } = simulation;
  const worker = simulation.worker('api');
  worker.task = name;
  const askedAt = scheduler.now();
  trace.note(scheduler.now(), worker.name, `is asked: ${name}`);
  const ending = await worker.run(API_TIMEOUT, () => work(worker));
  worker.busy = false;
  trace.note(scheduler.now(), worker.name, `ends ${name}: ${ending.kind}`);
  if (ending.kind === 'done') noteAnswer(simulation, worker, askedAt);
  if (ending.kind === 'threw') simulation.judgeError(ending.cause);
  return ending;
}

/** From now on the caller may rely on what it changed. */
function noteAnswer({ evidence, scheduler }: Simulation, worker: SimulatedProcess, askedAt: number): void {
  for (const versions of evidence.endpoints.values()) {
    for (const version of versions) {
      if (version.maker === worker && version.at >= askedAt) version.answeredAt ??= scheduler.now();
    }
  }
}

export function isRefusal({ engine }: Simulation, ending: Ending<unknown>, code?: string): boolean {
  if (ending.kind !== 'threw' || !(ending.cause instanceof engine.errors.RequestError)) return false;
  return code === undefined || ending.cause.code === code;
}
