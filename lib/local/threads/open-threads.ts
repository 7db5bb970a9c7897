import nodeModule from 'node:module';
import { dirname, join } from 'node:path';
import type { DialectDefinition } from '../../dialects/declared/definition.ts';
import type { UrlPolicy } from '../../domain/url-policy.ts';
import type { Dispatch } from '../../pipeline/dispatch/dispatch.ts';
import type { PipelineSettings } from '../../pipeline/settings.ts';
import type { Ports } from '../../ports/ports.ts';
import { DATABASE_FILE, type DataFolder } from '../service/data-folder.ts';
import { concurrencyAmong } from '../service/delivery-pollers.ts';
import type { SetTimer } from '../service/timer.ts';
import { DeliveryThreads, rowsFor } from './delivery-threads.ts';
import { DEFAULT_THREADS, type ThreadSettings } from './settings.ts';
import { SharedDeliveries } from './shared-deliveries.ts';
import { SharedPlaces, newPlacesMemory } from './shared-places.ts';

const MAIN_ROW = 0;

interface OpenThreadsOptions {
  settings: PipelineSettings;
  /** Undefined: no threads. */
  threads: Partial<ThreadSettings> | undefined;
  ports: Ports;
  data: DataFolder;
  egress: UrlPolicy & { maxSockets: number };
  dialects: Readonly<Record<string, DialectDefinition>>;
  setTimer: SetTimer;
}

/** What a service has besides that may have delivery threads. */
export interface OpenThreads {
  threads: DeliveryThreads;
  /** The same dispatch, by which threads learn of the work of the main thread. */
  watching(dispatch: Dispatch): Dispatch;
  /** The queues from which the main thread makes deliveries. */
  queues: SharedDeliveries;
  /** What the threads have in flight. */
  others: SharedPlaces;
}

/** Makes a service ready to deliver by threads. @returns undefined when it shall have none, or its data are in memory */
export function openThreads(options: OpenThreadsOptions): OpenThreads | undefined {
  const { data, ports, setTimer } = options;
  const settings = { ...DEFAULT_THREADS, ...options.threads };
  if (settings.count === 0 || !data.shared) return undefined;
  const places = newPlacesMemory(rowsFor(settings.count));
  const queues = new SharedDeliveries(data.store.queues, ports.clock);
  const { logTtlMs, keptResponseBytes, requestsPerEndpoint, requestsPerTenant } = options.settings;
  const { requestsAtOnce } = options.settings;
  // Others may have all places of a tenant: whatever a thread has received may stand in line.
  const attemptsInLine = concurrencyAmong(settings.count);
  const threads = new DeliveryThreads({
    ports,
    queues: data.store.queues,
    settings,
    setTimer,
    data: {
      path: join(data.path, DATABASE_FILE),
      threads: settings.count,
      store: data.shared,
      places,
      key: data.key,
      egress: options.egress,
      dialects: options.dialects,
      settings: { logTtlMs, keptResponseBytes, requestsPerEndpoint, requestsPerTenant, requestsAtOnce, attemptsInLine },
      compileCache: compileCache(),
    },
    utilization: utilizationSince(performance.eventLoopUtilization()),
    onChange: (areWorking) => queues.share(areWorking),
  });
  const watching = (dispatch: Dispatch): Dispatch => {
    const counted = queues.counting(dispatch);
    return (batch) => {
      threads.noticeWork();
      return counted(batch);
    };
  };
  return { threads, watching, queues, others: new SharedPlaces(places, MAIN_ROW) };
}

/** Node tells the folder of its version in it, which a thread looks for again. */
function compileCache(): string | undefined {
  const folder = nodeModule.getCompileCacheDir();
  return folder && dirname(folder);
}

/** The share of the time since the last call for which the event loop of this thread was busy. */
function utilizationSince(start: ReturnType<typeof performance.eventLoopUtilization>): () => number {
  let last = start;
  return () => {
    const now = performance.eventLoopUtilization();
    const { utilization } = performance.eventLoopUtilization(now, last);
    last = now;
    return utilization;
  };
}
