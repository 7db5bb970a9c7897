import { createHttpSender } from '../../adapters/http/http-sender.ts';
import { createSecretBox, deriveApiKey } from '../../adapters/key-file/secret-box.ts';
import { systemClock } from '../../adapters/system/system-clock.ts';
import { systemRandom } from '../../adapters/system/system-random.ts';
import type { MessageCount } from '../../adapters/sqlite/queue/queue-gauge.ts';
import type { SqliteStore } from '../../adapters/sqlite/store.ts';
import { createApi } from '../../api/api.ts';
import { DEFAULT_API_SETTINGS } from '../../api/api-settings.ts';
import { createIngest } from '../../pipeline/ingest/ingest.ts';
import { redriveDeadLetters } from '../../pipeline/manual/redrive.ts';
import { DEFAULT_SETTINGS, type PipelineSettings } from '../../pipeline/settings.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import type { Ports } from '../../ports/ports.ts';
import type { QueueName } from '../../ports/queues.ts';
import { putBootstrapKey } from './bootstrap-key.ts';
import { openDataFolder } from './data-folder.ts';
import { startGateway } from './gateway.ts';
import { startStage } from './start-failure.ts';
import { systemTimer, timerOf } from './timer.ts';
import { MAX_REQUESTS, startWorkers } from './workers.ts';

export interface ServiceOptions {
  /** A folder, created if it does not exist; or `:memory:`, and nothing outlives the service. */
  dataDir: string;
  /** 0 picks a free one. */
  port: number;
  /** An address of this machine; default 127.0.0.1. */
  host?: string;
  log: Log;
  /** Default: the system's. Timers follow it too. */
  clock?: Clock;
  /** May endpoints have `http:` URLs? Default: yes. */
  allowHttp?: boolean;
  /** May endpoints be on this machine? Default: yes. Other private addresses are never allowed. */
  allowLoopback?: boolean;
  /** Are sensitive calls refused to a key whose owner has no second factor? Default: no. */
  requireMfa?: boolean;
  settings?: Partial<PipelineSettings>;
  /** Wraps the ports of the pipeline, for example to count their calls. */
  around?(ports: Ports): Ports;
}

/** The whole of Postrider, running in this process. */
export interface Service {
  /** `http://host:port`, without a slash at the end. */
  url: string;
  port: number;
  /** The platform key: the same at each start with the same folder. */
  apiKey: string;
  /** An absolute path, or `:memory:`. */
  dataDir: string;
  /** Whether the folder was empty before this start. */
  isNew: boolean;
  countMessages(queue: QueueName): MessageCount;
  /** Retries every delivery with a message in the exhausted queue now. @returns how many */
  redrive(): Promise<number>;
  /** Accepts no more requests, finishes those in flight, closes everything. Safe to call twice. */
  stop(): Promise<void>;
}

/**
 * Starts the embedded service: the HTTP API, the pipeline and its queues over one SQLite file.
 * @throws StartFailure with one line that says what to do; everything that was opened is closed again
 */
export async function startService(options: ServiceOptions): Promise<Service> {
  await using starting = new AsyncDisposableStack();
  const clock = options.clock ?? systemClock;
  const policy = { allowHttp: options.allowHttp ?? true, allowLoopback: options.allowLoopback ?? true };
  const settings: PipelineSettings = { ...DEFAULT_SETTINGS, ...options.settings };

  const data = await openDataFolder(options.dataDir, clock, settings.logTtlMs);
  starting.defer(() => data.close());
  const sender = createHttpSender({ ...policy, maxSockets: MAX_REQUESTS });
  starting.defer(() => sender.close());
  const composed = composePorts(data.store, data.key, { clock, log: options.log, sender });
  const ports = options.around?.(composed) ?? composed;
  const apiKey = deriveApiKey(data.key);
  await putBootstrapKey(ports, apiKey);
  await data.store.queues.recoverInFlight();

  const { maxEndpoints } = settings;
  const { requireMfa = false } = options;
  const apiSettings = { ...DEFAULT_API_SETTINGS, ...policy, maxEndpoints, requireMfa };
  const api = createApi({ ports, ingest: createIngest(ports, settings), settings: apiSettings });
  const { host = '127.0.0.1', port } = options;
  const gateway = await startStage({ doing: 'listen', host, port }, () => startGateway({ api, host, port }));
  starting.defer(() => gateway.close());
  const setTimer = options.clock ? timerOf(options.clock) : systemTimer;
  const workers = startWorkers({ ports, store: data.store, settings, setTimer });
  starting.defer(() => Promise.all([gateway.close(), workers.stop()]).then(() => {}));

  const running = starting.move();
  let stopped: Promise<void> | undefined;
  return {
    url: gateway.url,
    port: gateway.port,
    apiKey,
    dataDir: data.path,
    isNew: data.isNew,
    countMessages: (queue) => data.store.queues.count(queue),
    redrive: () => redriveExhausted(data.store),
    stop: () => (stopped ??= running.disposeAsync()),
  };
}

async function redriveExhausted({ queues }: SqliteStore): Promise<number> {
  const { moved } = await redriveDeadLetters(queues, 'exhausted', queues.count('exhausted').visible);
  return moved.retries;
}

function composePorts(store: SqliteStore, key: Uint8Array, world: Pick<Ports, 'clock' | 'log' | 'sender'>): Ports {
  const { purgeExpired: _, close: __, ...kept } = store;
  return { ...world, ...kept, random: systemRandom, secrets: createSecretBox(key, systemRandom) };
}
