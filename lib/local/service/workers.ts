import type { SqliteStore } from '../../adapters/sqlite/store.ts';
import type { Dispatch } from '../../pipeline/dispatch/dispatch.ts';
import { createJobs } from '../../pipeline/jobs/jobs.ts';
import { DEFAULT_SETTINGS, type PipelineSettings } from '../../pipeline/settings.ts';
import { createSlowWork } from '../../pipeline/slow-work.ts';
import { sweep } from '../../pipeline/sweep/sweep.ts';
import type { UsageMeter } from '../../pipeline/usage-meter.ts';
import type { Ports } from '../../ports/ports.ts';
import { CONCURRENT_MESSAGES, startDeliveryPollers } from './delivery-pollers.ts';
import type { PollableQueues } from './poller.ts';
import { pollersOf } from './queue-pollers.ts';
import { startScheduler } from './scheduler.ts';
import type { SetTimer } from './timer.ts';

const MINUTE_MS = 60_000;
/** How long one sweep may take: it ends before the next one starts. */
const SWEEP_LIMIT_MS = 50_000;
/** Usage is some seconds late. */
const USAGE_INTERVAL_MS = 5000;
const PURGE_BATCH = 500;
const PURGE_ROUNDS = 40;

/** A burst of one tenant, received whole, has places for half of it; the other half waits in line for them. */
export const ATTEMPTS_IN_LINE = CONCURRENT_MESSAGES - DEFAULT_SETTINGS.requestsPerTenant;
/** Concurrent pages of jobs. */
const CONCURRENT_PAGES = 4;
/** The bound for slow endpoints and probes: what is slow, hangs, or is paused for its failures has no other places. */
const CONCURRENT_SLOW = 96;
/** Most concurrent requests to customers: of deliveries, of retries, and of all that may take long. */
export const MAX_REQUESTS = 2 * CONCURRENT_MESSAGES + CONCURRENT_SLOW;

interface WorkerOptions {
  ports: Ports;
  dispatch: Dispatch;
  store: SqliteStore;
  /** Where deliveries and retries are received. */
  queues: PollableQueues;
  settings: PipelineSettings;
  setTimer: SetTimer;
  meter: UsageMeter;
}

/** The background work: everything but the HTTP API. */
export interface Workers {
  /** Starts no more work, and waits for the work in progress. */
  stop(): Promise<void>;
}

/** What event sources and the schedule do on AWS: a poller for each queue, and a sweep each minute. */
export function startWorkers({ ports, dispatch, store, queues, settings, setTimer, meter }: WorkerOptions): Workers {
  const { clock, log } = ports;
  const work = createJobs(ports, settings);
  const poll = pollersOf(ports, store.queues, setTimer);
  const usageTask = { name: 'usage', run: () => meter.flush(log) };
  const workers = [
    startDeliveryPollers({ ports, queues, dispatch, setTimer }),
    poll(createSlowWork(dispatch, work), 'slow', CONCURRENT_SLOW),
    poll((batch) => work({ queue: 'jobs', ...batch }), 'jobs', CONCURRENT_PAGES),
    startScheduler({ clock, setTimer, log, everyMs: MINUTE_MS, tasks: minuteTasks(ports, store) }),
    startScheduler({ clock, setTimer, log, everyMs: USAGE_INTERVAL_MS, tasks: [usageTask] }),
  ];
  return {
    async stop() {
      await Promise.all(workers.map((worker) => worker.stop()));
    },
  };
}

function minuteTasks(ports: Ports, store: SqliteStore) {
  return [
    { name: 'sweep', run: () => sweep(ports, ports.clock.now() + SWEEP_LIMIT_MS) },
    { name: 'purge', run: () => purge(store) },
  ];
}

/** In small steps, so that requests run in between. The rest is purged a minute later. */
async function purge(store: SqliteStore): Promise<void> {
  for (let round = 0; round < PURGE_ROUNDS; round += 1) {
    if ((await store.purgeExpired(PURGE_BATCH)) === 0) return;
  }
}
