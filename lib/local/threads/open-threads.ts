import nodeModule from 'node:module';
import { join } from 'node:path';
import type { DialectDefinition } from '../../dialects/declared/definition.ts';
import type { UrlPolicy } from '../../domain/url-policy.ts';
import type { Dispatch } from '../../pipeline/dispatch/dispatch.ts';
import type { PipelineSettings } from '../../pipeline/settings.ts';
import type { Ports } from '../../ports/ports.ts';
import { DATABASE_FILE, type DataFolder } from '../service/data-folder.ts';
import type { SetTimer } from '../service/timer.ts';
import { DeliveryThreads } from './delivery-threads.ts';
import { ASKED_PORTS, type ThreadData } from './parts.ts';
import { DEFAULT_THREADS, type ThreadSettings } from './settings.ts';
import type { Answer } from './thread.ts';

export interface OpenThreadsOptions {
  settings: PipelineSettings;
  /** Undefined: no threads. */
  threads: Partial<ThreadSettings> | undefined;
  ports: Ports;
  /** What makes deliveries in the main thread. */
  local: Dispatch;
  data: DataFolder;
  egress: UrlPolicy & { maxSockets: number };
  dialects: Readonly<Record<string, DialectDefinition>>;
  setTimer: SetTimer;
}

/** Makes a service ready to deliver by threads. @returns undefined when it shall have none, or its data are in memory */
export function openThreads(options: OpenThreadsOptions): DeliveryThreads | undefined {
  const { threads, data, ports, local, setTimer } = options;
  const settings = { ...DEFAULT_THREADS, ...threads };
  if (settings.count === 0 || data.apiKeyFile === undefined) return undefined;
  return new DeliveryThreads({
    ports,
    local,
    settings,
    setTimer,
    data: dataFor(options),
    answer: answerBy(ports, data.store.deliveries),
    utilization: utilizationSince(performance.eventLoopUtilization()),
  });
}

function dataFor({ settings, data, egress, dialects }: OpenThreadsOptions): ThreadData {
  const { logTtlMs, keptResponseBytes, requestsPerEndpoint, requestsPerTenant } = settings;
  const { requestsAtOnce, attemptsInLine } = settings;
  return {
    path: join(data.path, DATABASE_FILE),
    key: data.key,
    egress,
    dialects,
    settings: { logTtlMs, keptResponseBytes, requestsPerEndpoint, requestsPerTenant, requestsAtOnce, attemptsInLine },
    compileCache: nodeModule.getCompileCacheDir(),
  };
}

/** What a thread decides to write of deliveries comes opened: the rest are calls of the ports. */
function answerBy(ports: Ports, deliveries: DataFolder['store']['deliveries']): Answer {
  return async (port, method, args) => {
    if (port === 'deliveries' && method === 'writeOpened')
      return deliveries.writeOpened(...(args as Parameters<typeof deliveries.writeOpened>));
    const known = [...ASKED_PORTS, 'deliveries'].includes(port);
    const asked = known ? (ports[port] as unknown as Record<string, unknown>)[method] : undefined;
    if (typeof asked !== 'function') throw new Error(`A delivery thread asked for ${port}.${method}.`);
    return asked.apply(ports[port], args) as unknown;
  };
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
