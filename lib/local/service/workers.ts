import type { SqliteStore } from '../../adapters/sqlite/store.ts';
import { type Dispatch, createDispatch } from '../../pipeline/dispatch/dispatch.ts';
import { createJobs } from '../../pipeline/jobs/jobs.ts';
import type { PipelineSettings } from '../../pipeline/settings.ts';
import { sweep } from '../../pipeline/sweep/sweep.ts';
import type { DispatchQueue } from '../../pipeline/dispatch/visit.ts';
import type { Ports } from '../../ports/ports.ts';
import { CONSUMER_TIMEOUT_SECONDS } from '../../ports/queue-rules.ts';
import { type PollerOptions, startPoller } from './poller.ts';
import { startScheduler } from './scheduler.ts';
import type { SetTimer } from './timer.ts';

const MINUTE_MS = 60_000;
/** Sweep stops this long before the next one starts. */
const SWEEP_LIMIT_MS = 50_000;
const PURGE_AT_ONCE = 500;
const PURGE_ROUNDS = 40;

/**
 * Messages of one queue under way. Each is a call of its own: in one process a batch saves nothing, and a message that
 * shared one with a slow endpoint would be acknowledged, and make room, only when the slow one has answered.
 */
const MESSAGES_AT_ONCE = 320;
/** Requests that can be under way together. */
export const MAX_REQUESTS = 2 * MESSAGES_AT_ONCE;

interface WorkerOptions {
  ports: Ports;
  store: SqliteStore;
  settings: PipelineSettings;
  setTimer: SetTimer;
}

/** Whatever works without being asked over HTTP. */
export interface Workers {
  /** Takes up nothing more, and waits for what is under way. */
  stop(): Promise<void>;
}

/** Starts what Lambda's event sources and the schedule do on AWS: a poller for each queue, and sweep each minute. */
export function startWorkers({ ports, store, settings, setTimer }: WorkerOptions): Workers {
  const { clock, log } = ports;
  const { queues } = store;
  const dispatch = createDispatch(ports, settings);
  const work = createJobs(ports);
  const poll = (options: Pick<PollerOptions, 'queue' | 'batchSize' | 'maxConcurrency' | 'handle'>) =>
    startPoller({ queues, clock, setTimer, log, ...options });
  const workers = [
    poll(dispatching(ports, dispatch, 'deliveries')),
    poll(dispatching(ports, dispatch, 'retries')),
    poll({ queue: 'jobs', batchSize: 1, maxConcurrency: 4, handle: (messages) => work({ messages }) }),
    startScheduler({ clock, setTimer, log, everyMs: MINUTE_MS, tasks: minuteTasks(ports, store) }),
  ];
  return {
    async stop() {
      await Promise.all(workers.map((worker) => worker.stop()));
    },
  };
}

function dispatching(ports: Ports, dispatch: Dispatch, queue: DispatchQueue) {
  return {
    queue,
    batchSize: 1,
    maxConcurrency: MESSAGES_AT_ONCE,
    handle: (messages: Parameters<Dispatch>[0]['messages']) =>
      dispatch({ queue, messages, deadline: ports.clock.now() + CONSUMER_TIMEOUT_SECONDS * 1000 }),
  };
}

function minuteTasks(ports: Ports, store: SqliteStore) {
  return [
    { name: 'sweep', run: () => sweep(ports, ports.clock.now() + SWEEP_LIMIT_MS) },
    { name: 'purge', run: () => purge(store) },
  ];
}

/** In small steps, so that requests come between; what is left goes a minute later. */
async function purge(store: SqliteStore): Promise<void> {
  for (let round = 0; round < PURGE_ROUNDS; round += 1) {
    if ((await store.purgeExpired(PURGE_AT_ONCE)) === 0) return;
  }
}
